"""Unsaved text, and what another program wrote under it."""

import difflib


def same_row(before: str, after: str, row: int) -> int:
    """The row, from 0, where a line of one text stands in another; where it is gone, what is there now."""
    old, new = before.split("\n"), after.split("\n")
    for sign, i1, i2, j1, _ in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i1 <= row < i2:
            return j1 + (row - i1 if sign == "equal" else 0)
    return len(new) - 1
