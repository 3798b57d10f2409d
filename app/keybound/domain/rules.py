"""The rules of a boundary: what each is compared with, and whether a reading is inside."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple, Protocol

from keybound.domain.canonical import encode, same
from keybound.domain.definition import Rule
from keybound.domain.errors import BadInput
from keybound.domain.readings import Absent, FileContent, Found, Reading, Value

TEXT_RULES = frozenset({"matches", "starts_with", "url_host", "under"})


LONGEST_URL = 65_536
VERSION_SCHEMES = ("semver", "pep440")


class Matcher(Protocol):
    """A linear-time regular expression match of a whole value. Raises ValueError for what cannot be judged."""

    def __call__(self, pattern: str, text: str) -> bool:
        """Whether ``pattern`` matches the whole of ``text``."""


class Versions(Protocol):
    """An order of versions. Raises ValueError where ``limit`` is no version."""

    def __call__(self, scheme: str, text: str, limit: str) -> int | None:
        """-1, 0 or 1 as ``text`` stands to ``limit`` by the scheme; None where ``text`` is no version."""


class Tools(NamedTuple):
    """What the rules need from libraries."""

    matches: Matcher
    versions: Versions


def is_list(value: Value) -> bool:
    """Whether the value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str | FileContent)


def items(value: Value) -> Sequence[Value]:
    """The value's elements; none where it is no list."""
    return value if isinstance(value, Sequence) and not isinstance(value, str | FileContent) else ()


def _code(value: Value) -> bytes | None:
    try:
        return encode(value)
    except BadInput:
        return None  # nan equals nothing


def _codes(values: Value) -> set[bytes]:
    return {code for item in items(values) if (code := _code(item)) is not None}


def _among(value: Value, choices: Value) -> bool:
    return _code(value) in _codes(choices)


def _not_among(value: Value, choices: Value) -> bool:
    """A value of a type that none of the choices has is outside: it was not thought of."""
    code, codes = _code(value), _codes(choices)
    return code is not None and code[:1] in {one[:1] for one in codes} and code not in codes


def _subset(value: Value, limit: Value) -> bool:
    codes = _codes(limit)
    return is_list(value) and all(_code(item) in codes for item in items(value))


def _includes(value: Value, needed: Value) -> bool:
    codes = _codes(value) if is_list(value) else set()
    return is_list(value) and all(_code(item) in codes for item in items(needed))


def _host(value: Value, hosts: Value) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST_URL or re.search(r"[\s\\\x00-\x1f]", value):
        return False
    from urllib.parse import urlsplit  # 2 ms with ipaddress, for this rule alone

    try:
        parts = urlsplit(value)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if host.isascii() and not parts.netloc.isascii():  # a letter that lower() turns into another
        return False
    wanted = [hosts] if isinstance(hosts, str) else items(hosts)
    return bool(parts.scheme and host) and host in {str(one).lower() for one in wanted}


def _under(value: Value, folder: Value) -> bool:
    if not isinstance(value, str) or not isinstance(folder, str) or ".." in value.split("/"):
        return False
    base = folder.rstrip("/")
    return bool(value) and (value == base or value.startswith(base + "/"))


def _ordered(value: Value, limit: Value, versions: Versions) -> int | None:
    """-1, 0 or 1 as ``value`` stands to ``limit``; None where they cannot be compared."""
    if isinstance(limit, Mapping):
        (scheme, text), *_ = limit.items()
        return versions(scheme, value, str(text)) if isinstance(value, str) else None
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


def _mode(value: Value, limit: Value) -> bool:
    return isinstance(value, FileContent) and isinstance(limit, str) and not value.mode & ~int(limit, 8)


_CHECKS: Mapping[str, Callable[[Value, Value], bool]] = {
    "equals": same,
    "one_of": _among,
    "not_one_of": _not_among,
    "starts_with": lambda value, start: isinstance(value, str) and isinstance(start, str) and value.startswith(start),
    "url_host": _host,
    "under": _under,
    "subset_of": _subset,
    "includes": _includes,
    "mode_at_most": _mode,
    "owner_only": lambda value, _: isinstance(value, FileContent) and value.mine and not value.mode & 0o077,
    "exists": lambda _, wanted: wanted is True,
    "absent": lambda _, wanted: wanted is not True,
}


def holds(rule: Rule, reading: Found | Absent, tools: Tools, unchanged: bool) -> bool:
    """Whether the reading is inside the rule. ``unchanged``: whether it equals the approved one.

    Raises ValueError where the rule cannot be judged: it is unknown, its pattern or version is none, the value too long.
    """
    if isinstance(reading, Absent):
        return (rule.name == "absent" and rule.value is True) or (rule.name == "exists" and rule.value is False)
    if rule.name == "unchanged":
        return unchanged
    if rule.name == "matches":
        return isinstance(reading.value, str) and tools.matches(str(rule.value), reading.value)
    if rule.name in ("min", "max"):
        order = _ordered(reading.value, rule.value, tools.versions)
        return order is not None and (order >= 0 if rule.name == "min" else order <= 0)
    if rule.name not in _CHECKS:
        raise ValueError(f"this version does not know the rule {rule.name}")
    return _CHECKS[rule.name](reading.value, rule.value)


def changed(reading: Reading) -> Value:
    """What stands for a reading in a baseline: its value, or a mark for absent."""
    if isinstance(reading, Found):
        return reading.value
    return ["absent" if isinstance(reading, Absent) else "unreadable"]
