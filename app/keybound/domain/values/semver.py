"""Versions by Semantic Versioning 2.0.0: which are such versions, and how two stand to each other."""

import re
from typing import TypeAlias

_LONGEST = 256
_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRE = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = (  # compiled at its first use
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PRE}(?:\.{_PRE})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_Part: TypeAlias = tuple[int, int, str]
_Rank: TypeAlias = tuple[list[_Part], bool, list[_Part]]


def is_semver(text: str) -> bool:
    """Whether ``text`` is a version, of 256 characters at most; a leading ``v`` is not part of one."""
    return _rank(text) is not None


def compare_semver(left: str, right: str) -> int | None:
    """-1, 0 or 1 as ``left`` stands to ``right``, build metadata left out; None where one of them is no version."""
    one, other = _rank(left), _rank(right)
    if one is None or other is None:
        return None
    return (one > other) - (one < other)


def _rank(text: str) -> _Rank | None:
    found = re.fullmatch(_VERSION, text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    before = found.group(4)
    parts = [_part(one) for one in before.split(".")] if before else []
    return [_part(number) for number in found.groups()[:3]], before is None, parts


def _part(text: str) -> _Part:
    """Numbers before words; a longer number is larger, so that none is converted."""
    return (0, len(text), text) if text.isdigit() else (1, 0, text)
