"""``not_one_of``: none of these values."""

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.values import code, codes, is_list, items
from keybound.domain.values.readings import Value


def _inside(value: Value, choices: Value, given: Given) -> bool:
    """A value of a type that none of the choices has is outside: it was not thought of."""
    one, others = code(value), codes(choices)
    return one is not None and one[:1] in {each[:1] for each in others} and one not in others


RULE = RuleKind(
    takes="a list that is not empty",
    fits=lambda value: is_list(value) and len(items(value)) > 0,
    schema={"type": "array", "minItems": 1},
    inside=_inside,
    words="none of {}",
    sign="∉",
    unordered=True,
)
