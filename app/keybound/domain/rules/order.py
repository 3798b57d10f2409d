"""What ``min`` and ``max`` share: an order of numbers, of dates, of times and of versions."""

from collections.abc import Mapping
from datetime import date, datetime, time

from keybound.domain.rules.base import Given
from keybound.domain.text.sanitize import clean
from keybound.domain.values.readings import Value
from keybound.domain.values.semver import is_semver

TAKES = 'a number, a date, { semver = "1.2.0" } or { pep440 = "1.2" }'
_SCHEMES = ("semver", "pep440")
SCHEMA: Mapping[str, object] = {  # TOML's dates reach editors as strings
    "type": ["number", "string", "object"],
    "properties": {scheme: {"type": "string"} for scheme in _SCHEMES},
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
}


def is_limit(value: Value) -> bool:
    """Whether the value is one that others can be less or more than."""
    if isinstance(value, Mapping):
        return len(value) == 1 and all(_is_version(scheme, text) for scheme, text in value.items())
    return isinstance(value, int | float | date | time) and not isinstance(value, bool) and value == value


def _is_version(scheme: str, text: Value) -> bool:
    return scheme in _SCHEMES and isinstance(text, str) and (scheme != "semver" or is_semver(text))


def order(value: Value, limit: Value, given: Given) -> int | None:
    """-1, 0 or 1 as ``value`` stands to ``limit``; None where they cannot be compared."""
    if isinstance(limit, Mapping):
        (scheme, text), *_ = limit.items()
        return given.tools.versions(scheme, value, str(text)) if isinstance(value, str) else None
    if isinstance(value, bool) or isinstance(limit, bool) or value != value:  # nan stands nowhere
        return None
    if isinstance(value, int | float) and isinstance(limit, int | float):
        return (value > limit) - (value < limit)
    if isinstance(value, datetime) and isinstance(limit, datetime):
        comparable = (value.tzinfo is None) == (limit.tzinfo is None)
        return (value > limit) - (value < limit) if comparable else None
    if type(value) is date and type(limit) is date:
        return (value > limit) - (value < limit)
    if isinstance(value, time) and isinstance(limit, time):
        return (value > limit) - (value < limit)
    return None


def limit_words(limit: Value) -> str:
    """A limit in words: ``3``, ``1.2.0 (semver)``."""
    if isinstance(limit, Mapping):
        return ", ".join(f"{clean(str(text))} ({clean(scheme)})" for scheme, text in limit.items())
    return clean(str(limit))
