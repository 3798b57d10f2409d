"""``one_of``: one of these values."""

from keybound.domain.rules.base import RuleKind
from keybound.domain.rules.values import code, codes, is_list

RULE = RuleKind(
    takes="a list",
    fits=is_list,
    schema={"type": "array"},
    inside=lambda value, choices, _: code(value) in codes(choices),
    words="one of {}",
    sign="∈",
    unordered=True,
)
