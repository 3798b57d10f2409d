"""Find in a text: where a word stands, and which place comes next."""

import re
from collections.abc import Sequence

Place = tuple[int, int]  # row and column, from 0


def places(text: str, needle: str) -> list[Place]:
    """Where the needle stands, whatever its case."""
    if not needle:
        return []
    word = re.compile(re.escape(needle), re.IGNORECASE)
    return [(row, found.start()) for row, line in enumerate(text.split("\n")) for found in word.finditer(line)]


def next_place(found: Sequence[Place], at: Place) -> Place | None:
    """The first one after a place, from the top where there is none."""
    return next((each for each in found if each > at), found[0] if found else None)


def previous_place(found: Sequence[Place], at: Place) -> Place | None:
    """The last one before a place, from the end where there is none."""
    return next((each for each in reversed(found) if each < at), found[-1] if found else None)
