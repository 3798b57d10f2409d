"""``under``: a path at or below a folder."""

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.values.readings import Value


def _fits(value: Value) -> bool:
    return isinstance(value, str) and value[:1] not in ("", "~") and ".." not in value.split("/")


def _inside(value: Value, folder: Value, given: Given) -> bool:
    if not isinstance(value, str) or not isinstance(folder, str) or ".." in value.split("/"):
        return False
    base = folder.rstrip("/")
    return bool(value) and (value == base or value.startswith(base + "/"))


RULE = RuleKind(
    takes="a folder, without .. in it; ~ is not expanded",
    fits=_fits,
    schema={"type": "string"},
    inside=_inside,
    words="under {}",
    sign="^",
    bare=True,
)
