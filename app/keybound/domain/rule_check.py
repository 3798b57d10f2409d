"""What each rule of a boundary may be compared with, as it is written in a profile."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from keybound.domain.readings import Value
from keybound.domain.rules import VERSION_SCHEMES, is_list, items
from keybound.domain.semver import is_semver


def rule_fault(name: str, value: Value) -> str:
    """Say what is wrong with a rule as it is written, or ""."""
    if name not in _FORMS:
        return f"no rule is called {name}"
    fits, form = _FORMS[name]
    return "" if fits(value) else f"{name} takes {form}"


def _anything(value: Value) -> bool:
    return True


def _text(value: Value) -> bool:
    return isinstance(value, str)


def _true(value: Value) -> bool:
    return value is True


def _boolean(value: Value) -> bool:
    return isinstance(value, bool)


def _choices(value: Value) -> bool:
    return is_list(value) and len(items(value)) > 0


def _hosts(value: Value) -> bool:
    hosts = [value] if isinstance(value, str) else items(value)
    return len(hosts) > 0 and all(isinstance(one, str) and re.fullmatch(r"[^\s/@]+", one) for one in hosts)


def _folder(value: Value) -> bool:
    return isinstance(value, str) and value[:1] not in ("", "~") and ".." not in value.split("/")


def _mode(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch("0?[0-7]{3}", value) is not None


def _limit(value: Value) -> bool:
    if isinstance(value, Mapping):
        return len(value) == 1 and all(_version(scheme, text) for scheme, text in value.items())
    return isinstance(value, int | float | date | time) and not isinstance(value, bool) and value == value


def _version(scheme: str, text: Value) -> bool:
    return scheme in VERSION_SCHEMES and isinstance(text, str) and (scheme != "semver" or is_semver(text))


_LIMIT = 'a number, a date, { semver = "1.2.0" } or { pep440 = "1.2" }'
_FORMS: Mapping[str, tuple[Callable[[Value], bool], str]] = {
    "equals": (_anything, "a value"),
    "one_of": (is_list, "a list"),
    "not_one_of": (_choices, "a list that is not empty"),
    "matches": (_text, "a text"),
    "starts_with": (_text, "a text"),
    "url_host": (_hosts, "a host such as api.example.com, or a list of hosts"),
    "under": (_folder, "a folder: not empty, no .. in it, and ~ is not expanded here"),
    "min": (_limit, _LIMIT),
    "max": (_limit, _LIMIT),
    "subset_of": (is_list, "a list"),
    "includes": (is_list, "a list"),
    "exists": (_boolean, "true or false"),
    "absent": (_true, "true"),
    "unchanged": (_true, "true"),
    "mode_at_most": (_mode, '"0600" or the like'),
    "owner_only": (_true, "true"),
}
