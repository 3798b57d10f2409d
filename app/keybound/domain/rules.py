"""The rules of a boundary: what each is compared with, and whether a reading is inside."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Protocol

from keybound.domain.canonical import same
from keybound.domain.definition import Rule
from keybound.domain.readings import Absent, FileContent, Found, Reading, Value

TEXT_RULES = frozenset({"matches", "starts_with", "url_host", "under"})


class Matcher(Protocol):
    """A linear-time regular expression match of a whole value. Raises ValueError for a bad pattern."""

    def __call__(self, pattern: str, text: str) -> bool:
        """Whether ``pattern`` matches the whole of ``text``."""


def is_list(value: Value) -> bool:
    """Whether the value is a list."""
    return isinstance(value, Sequence) and not isinstance(value, str | FileContent)


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, Sequence) and not isinstance(value, str | FileContent) else ()


def _among(value: Value, choices: Value) -> bool:
    return any(same(value, choice) for choice in _items(choices))


def _subset(value: Value, limit: Value) -> bool:
    return is_list(value) and all(_among(item, limit) for item in _items(value))


def _includes(value: Value, needed: Value) -> bool:
    return is_list(value) and all(_among(item, value) for item in _items(needed))


def _host(value: Value, hosts: Value) -> bool:
    if not isinstance(value, str) or re.search(r"[\s\\\x00-\x1f]", value):
        return False
    from urllib.parse import urlsplit  # 2 ms with ipaddress, for this rule alone

    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    wanted = [hosts] if isinstance(hosts, str) else _items(hosts)
    return bool(parts.scheme and host) and host in {str(one).lower() for one in wanted}


def _under(value: Value, folder: Value) -> bool:
    if not isinstance(value, str) or not isinstance(folder, str) or ".." in value.split("/"):
        return False
    base = folder.rstrip("/")
    return value == base or value.startswith(base + "/")


def _ordered(value: Value, limit: Value) -> int | None:
    """-1, 0 or 1 as ``value`` stands to ``limit``; None where they cannot be compared."""
    numbers = (int, float)
    if isinstance(value, bool) or isinstance(limit, bool):
        return None
    if isinstance(value, numbers) and isinstance(limit, numbers):
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
    "not_one_of": lambda value, choices: not _among(value, choices),
    "starts_with": lambda value, start: isinstance(value, str) and isinstance(start, str) and value.startswith(start),
    "url_host": _host,
    "under": _under,
    "min": lambda value, limit: _ordered(value, limit) in (0, 1),
    "max": lambda value, limit: _ordered(value, limit) in (0, -1),
    "subset_of": _subset,
    "includes": _includes,
    "mode_at_most": _mode,
    "owner_only": lambda value, _: isinstance(value, FileContent) and value.mine and not value.mode & 0o077,
    "exists": lambda _, wanted: wanted is True,
    "absent": lambda _, wanted: wanted is not True,
}


def holds(rule: Rule, reading: Found | Absent, matches: Matcher, unchanged: bool) -> bool:
    """Whether the reading is inside the rule. ``unchanged``: whether it equals the approved one.

    Raises ValueError where the rule itself cannot be judged (a pattern that does not compile).
    """
    if isinstance(reading, Absent):
        if rule.name == "unchanged":
            return unchanged
        return (rule.name == "absent" and rule.value is True) or (rule.name == "exists" and rule.value is False)
    if rule.name == "unchanged":
        return unchanged
    if rule.name == "matches":
        return isinstance(reading.value, str) and matches(str(rule.value), reading.value)
    if rule.name not in _CHECKS:
        raise ValueError(f"this version does not know the rule {rule.name}")
    return _CHECKS[rule.name](reading.value, rule.value)


def rule_fault(name: str, value: Value) -> str:
    """Say what is wrong with a rule as it is written, or ""."""
    lists = {"one_of", "not_one_of", "subset_of", "includes"}
    if name in lists:
        return "" if is_list(value) else f"{name} takes a list"
    if name in {"matches", "starts_with", "under"}:
        return "" if isinstance(value, str) else f"{name} takes a text"
    if name == "url_host":
        texts = isinstance(value, str) or (is_list(value) and all(isinstance(one, str) for one in _items(value)))
        return "" if texts else "url_host takes a host, or a list of hosts"
    if name in {"exists"}:
        return "" if isinstance(value, bool) else "exists takes true or false"
    if name in {"absent", "unchanged", "owner_only"}:
        return "" if value is True else f"{name} takes true"
    if name in {"min", "max"}:
        comparable = isinstance(value, int | float | date | time) and not isinstance(value, bool)
        return "" if comparable else f"{name} takes a number or a date"
    if name == "mode_at_most":
        return (
            ""
            if isinstance(value, str) and re.fullmatch("0?[0-7]{3}", value)
            else 'mode_at_most takes "0600" or the like'
        )
    return "" if name == "equals" else f"no rule is called {name}"


def changed(reading: Reading) -> Value:
    """What stands for a reading in a baseline: its value, or a mark for absent."""
    if isinstance(reading, Found):
        return reading.value
    return ["absent" if isinstance(reading, Absent) else "unreadable"]
