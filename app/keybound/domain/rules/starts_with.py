"""``starts_with``: a text that begins with this one."""

from keybound.domain.rules.base import Given, RuleKind, is_text
from keybound.domain.values.readings import Value


def _inside(value: Value, start: Value, given: Given) -> bool:
    return isinstance(value, str) and isinstance(start, str) and value.startswith(start)


RULE = RuleKind(
    takes="text",
    fits=is_text,
    schema={"type": "string"},
    inside=_inside,
    words="text starting with {}",
    sign="^",
    bare=True,
)
