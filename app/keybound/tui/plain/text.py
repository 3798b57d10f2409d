"""A line of plain text, and how it is folded."""

from typing import NamedTuple

from keybound.domain.text.sanitize import clean
from keybound.tui.styled_text import cells


class Text(NamedTuple):
    """A line, ``depth`` steps from the margin."""

    words: str
    depth: int = 0


def folded(text: Text, width: int) -> list[str]:
    """The line, cleaned and folded at blanks only: what is copied is whole. What follows stands two columns further in."""
    margin = "  " * text.depth
    rows, begun = [], ""
    for word in clean(text.words).split():
        if begun.strip() and cells(begun) + 1 + cells(word) > width:
            rows.append(begun)
            begun = f"{margin}  {word}"
        else:
            begun = f"{begun} {word}" if begun else margin + word
    return [*rows, begun]
