"""``subset_of``: a list of nothing but these."""

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.values import code, codes, is_list, items
from keybound.domain.values.readings import Value


def _inside(value: Value, limit: Value, given: Given) -> bool:
    allowed = codes(limit)
    return is_list(value) and all(code(item) in allowed for item in items(value))


RULE = RuleKind(
    takes="a list",
    fits=is_list,
    schema={"type": "array"},
    inside=_inside,
    words="⊆ {}",
    sign="⊆",
    unordered=True,
)
