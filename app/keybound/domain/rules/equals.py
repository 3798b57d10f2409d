"""``equals``: the value itself."""

from keybound.domain.canonical import same
from keybound.domain.rules.base import RuleKind

RULE = RuleKind(
    takes="a value",
    fits=lambda _: True,
    schema={},
    inside=lambda value, limit, _: same(value, limit),
    words="= {}",
    sign="=",
    literal=True,
)
