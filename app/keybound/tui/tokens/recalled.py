"""The rows that were in view when the application was left: shown at once, as what was last known, while everything is read."""

from collections.abc import Callable

from keybound.domain.text.sanitize import clean
from keybound.tui.frame.memory import View
from keybound.tui.styled_text import Line, Piece

_MOST = 300  # rows, and pieces of one


def recalled_rows(view: View, style: Callable[[str], object]) -> list[Line]:
    """The rows as they were kept; none where they cannot be taken up. ``style`` raises KeyError for words it does not know."""
    found = view.get("rows")
    try:
        return [tuple(_piece(each, style) for each in row[:_MOST]) for row in found[:_MOST]] if found else []  # type: ignore[index]
    except (TypeError, ValueError, KeyError):
        return []


def _piece(found: object, style: Callable[[str], object]) -> Piece:
    match found:
        case [str(text), str(words), *_]:
            style(words)
            return Piece(clean(text), words)
    raise ValueError("not a piece")
