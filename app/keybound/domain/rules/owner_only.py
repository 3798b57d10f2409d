"""``owner_only``: a whole file of the user who asks, which nobody else may read or write."""

from keybound.domain.rules.base import Given, RuleKind, is_true
from keybound.domain.values.readings import FileContent, Value


def _inside(value: Value, limit: Value, given: Given) -> bool:
    return isinstance(value, FileContent) and value.mine and not value.mode & 0o077


RULE = RuleKind(
    takes="true",
    fits=is_true,
    schema={"const": True},
    inside=_inside,
    words="readable only by its owner",
)
