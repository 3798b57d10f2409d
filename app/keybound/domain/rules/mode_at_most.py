"""``mode_at_most``: a whole file with no other permission bit than these."""

import re

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.text.sanitize import clean
from keybound.domain.values.readings import FileContent, Value


def _fits(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch("0?[0-7]{3}", value) is not None


def _inside(value: Value, limit: Value, given: Given) -> bool:
    return isinstance(value, FileContent) and isinstance(limit, str) and not value.mode & ~int(limit, 8)


RULE = RuleKind(
    takes='a mode such as "0600"',
    fits=_fits,
    schema={"type": "string", "pattern": "^0?[0-7]{3}$"},
    inside=_inside,
    words=lambda limit: f"mode ≤ {clean(str(limit))}",
    sign="≤",
)
