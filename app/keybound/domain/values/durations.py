"""Spans of time as people write them: 90s, 10m, 12h, 30d, 4w."""

import re

from keybound.domain.errors import BadInputError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text: str) -> int:
    """Read a span; raise BadInputError."""
    found = re.fullmatch(r"(\d{1,6})([smhdw])", text)
    if not found or int(found.group(1)) == 0:
        raise BadInputError(
            f"{text!r} is not a duration", hint="Write a number followed by s, m, h, d or w, such as 30d."
        )
    return int(found.group(1)) * _UNITS[found.group(2)]


def words(span: float) -> str:
    """A span in the largest unit that it fills: 23d, 6h, 40s."""
    size = abs(int(span))
    for unit in "dhm":
        if size >= _UNITS[unit]:
            return f"{size // _UNITS[unit]}{unit}"
    return f"{size}s"
