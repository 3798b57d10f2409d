"""``matches``: a text of which a regular expression matches the whole."""

from keybound.domain.rules.base import Given, RuleKind, is_text
from keybound.domain.values.readings import Value


def _inside(value: Value, pattern: Value, given: Given) -> bool:
    return isinstance(value, str) and given.tools.matches(str(pattern), value)


RULE = RuleKind(
    takes="text",
    fits=is_text,
    schema={"type": "string"},
    inside=_inside,
    words="~ {}",
    sign="~",
    bare=True,
)
