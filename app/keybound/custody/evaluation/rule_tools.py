"""What the domain needs from libraries."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from keybound.domain.rules.base import Rule, Tools
from keybound.domain.rules.registry import RULES, holds
from keybound.domain.text.sanitize import shorten
from keybound.domain.values.readings import Found, Value

LONGEST = 4096
_LONGEST_VERSION = 256
_MEMORY = 2 << 20


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_nl = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValueError(
            f"the pattern {shorten(pattern, 80)!r} is not a valid regular expression: {reason[:80]}"
        ) from None


def matches(pattern: str, text: str) -> bool:
    """Linear-time match of the whole text (RE2).

    Raises ValueError for a bad or too large pattern, a text over 4096 characters, or one that is not Unicode.
    """
    compiled = _compiled(pattern)
    if len(text) > LONGEST:
        raise ValueError("the value is too long to match against a pattern")
    try:
        return compiled.fullmatch(text) is not None
    except UnicodeEncodeError:
        raise ValueError("the value is not Unicode text, so it cannot match a pattern") from None


def compare_versions(scheme: str, text: str, limit: str) -> int | None:
    """-1, 0 or 1 as ``text`` stands to ``limit`` by ``semver`` or ``pep440``; None where ``text`` is no such version.

    Raises ValueError where ``limit`` is none, or the scheme is unknown.
    """
    compare = {"semver": _semver, "pep440": _pep440}.get(scheme)
    if compare is None:
        raise ValueError(f"unknown version scheme {scheme}")
    return compare(text, limit) if len(text) <= _LONGEST_VERSION else None


def _semver(text: str, limit: str) -> int | None:
    from keybound.domain.values.semver import compare_semver, is_semver

    if not is_semver(limit):
        raise ValueError(f"{limit!r} is not a SemVer version")
    return compare_semver(text, limit)


def _pep440(text: str, limit: str) -> int | None:
    from packaging.version import InvalidVersion, Version

    try:
        bound = Version(limit)
    except InvalidVersion:
        raise ValueError(f"{limit!r} is not a PEP 440 version") from None
    try:
        version = Version(text)
    except InvalidVersion:
        return None
    return (version > bound) - (version < bound)


TOOLS = Tools(matches, compare_versions)


def boundary_fault(rules: Mapping[str, Value]) -> str:
    """What is wrong with a boundary's pattern or version, "" for nothing: such a rule could never hold."""
    try:
        for name, limit in rules.items():
            if name in RULES:
                holds(Rule(name, limit), Found("0"), TOOLS, unchanged=True)
    except ValueError as fault:
        return str(fault)
    return ""
