"""``equals``: the value itself."""

from keybound.domain.rules.base import RuleKind
from keybound.domain.values.canonical import same

RULE = RuleKind(
    takes="a value",
    fits=lambda _: True,
    schema={},
    inside=lambda value, limit, _: same(value, limit),
    words="= {}",
    sign="=",
    literal=True,
)
