"""``includes``: a list with all of these in it."""

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.values import code, codes, is_list, items
from keybound.domain.values.readings import Value


def _inside(value: Value, needed: Value, given: Given) -> bool:
    return is_list(value) and {code(item) for item in items(needed)} <= codes(value)


RULE = RuleKind(
    takes="a list",
    fits=is_list,
    schema={"type": "array"},
    inside=_inside,
    words="a list with {}",
    sign="⊇",
    unordered=True,
)
