"""Bring two changes of one text together, line by line (a three-way merge, as diff3 describes it)."""

from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple


class _Change(NamedTuple):
    """The lines from ``start`` to ``end`` of the base become ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """``base`` with what each of the two changed; None where both changed the same lines, or lines that touch."""
    old = base.splitlines(keepends=True)
    changes = sorted({*_changes(old, mine), *_changes(old, theirs)})
    if any(after.start <= before.end for before, after in pairwise(changes)):
        return None
    for change in reversed(changes):
        old[change.start : change.end] = change.lines
    return "".join(old)


def _changes(old: list[str], text: str) -> list[_Change]:
    new = text.splitlines(keepends=True)
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_Change(i1, i2, tuple(new[j1:j2])) for sign, i1, i2, j1, j2 in found if sign != "equal"]
