"""Pieces of styled text, and how they become strips in the colours of the theme.

A style is words: ``bold``, ``italic``, names of theme variables, and ``on NAME`` for the background. Text is never
parsed as markup here.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.strip import Strip

from keybound.domain.text.sanitize import clean
from keybound.domain.verdict.states import State

_ATTRIBUTES = frozenset({"bold", "italic", "underline", "dim", "reverse", "strike"})
# Grounds that mark where one is. None of a terminal's own sixteen colours can be read for certain on another of them: in
# such a theme the text there has the two default colours, reversed.
_MARKING = frozenset({"sel", "accent"})


class Piece(NamedTuple):
    """Text in one style. ``action``: what a click on it does, as Textual writes actions."""

    text: str
    style: str = ""
    action: str = ""


Line = tuple[Piece, ...]


def line(*parts: Piece | str | tuple[str, str]) -> Line:
    """Make a line of pieces, of plain texts and of (text, style)."""
    return tuple(Piece(clean(part)) if isinstance(part, str) else Piece(clean(part[0]), *part[1:]) for part in parts)


def hue(state: State | None) -> str:
    """The theme variable of a state."""
    return f"state-{state.word}" if state is not None else "muted"


def mark(state: State, extra: str = "") -> Piece:
    """A state's glyph in its colour."""
    return Piece(state.glyph, f"{hue(state)} {extra}")


def cells(text: str) -> int:
    """How many cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def length(pieces: Iterable[Piece]) -> int:
    """How many cells a line takes."""
    return sum(cells(piece.text) for piece in pieces)


def fit(text: str, width: int) -> str:
    """Clean, then cut with an ellipsis or fill with blanks, to exactly ``width`` cells."""
    text = clean(text)
    if cells(text) <= width:
        return text + " " * (width - cells(text))
    while text and cells(text) > width - 1:
        text = text[:-1]
    return text + "…" + " " * (width - 1 - cells(text)) if width > 0 else ""


def spread(left: Line, right: Line, width: int) -> Line:
    """Put ``right`` at the right edge; ``left`` is cut where they would meet."""
    pane = width - length(right)
    if left and length(left) > pane - bool(right):  # blanks at its end are no loss
        left = (*left[:-1], left[-1]._replace(text=left[-1].text.rstrip()))
    left = cut(left, max(pane - bool(right), 0))
    return (*left, Piece(" " * (pane - length(left))), *right)


def cut(pieces: Line, width: int) -> Line:
    """Cut a line to ``width`` cells, with an ellipsis where something is lost."""
    while pieces and length(pieces) > width and not pieces[-1].text.strip():
        pieces = pieces[:-1]
    if length(pieces) <= width:
        return pieces
    kept: list[Piece] = []
    for piece in pieces:
        pane = width - length(kept)
        if cells(piece.text) > pane or (cells(piece.text) == pane and piece is not pieces[-1]):
            return (*kept, piece._replace(text=fit(piece.text + " ", pane)))
        kept.append(piece)
    return tuple(kept)


def wrapped(pieces: Line, width: int, indent: int = 0) -> list[Line]:
    """Break a line into lines of at most ``width`` cells, at blanks where there are any; nothing is lost.

    The lines after the first begin with ``indent`` blanks.
    """
    rows: list[Line] = []
    margin = (Piece(" " * indent),) if 0 < indent < width else ()
    while length(pieces) > width > 0:
        text = "".join(piece.text for piece in pieces)
        end = next(at for at in range(len(text), 0, -1) if cells(text[:at]) <= width)
        blank = text.rfind(" ", len(text) - len(text.lstrip()) + 1, end + 1)
        at = blank if blank > 0 else end
        rows.append(_part(pieces, 0, at))
        pieces = (*margin, *_part(pieces, at + (blank > 0), len(text)))
    return [*rows, pieces]


def _part(pieces: Line, start: int, end: int) -> Line:
    kept: list[Piece] = []
    for piece in pieces:
        text = piece.text[max(start, 0) : max(end, 0)]
        kept += [piece._replace(text=text)] if text else []
        start, end = start - len(piece.text), end - len(piece.text)
    return tuple(kept)


def _as_it_is(style: Style) -> Style:
    return style


def _uncoloured(style: Style) -> Style:
    """On reversed ground: the terminal's two default colours, and whatever else the style has."""
    return style.without_color + Style(meta=style.meta) if style.color or style.bgcolor else style


class StyledText:
    """Turns style words into styles, for one application; forgets them when the theme changes."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._variables: dict[str, str] = {}
        self._styles: dict[tuple[str, str], Style] = {}

    def style(self, words: str, action: str = "") -> Style:
        """The style that the words name in the present theme."""
        if self._app.theme_variables is not self._variables:  # another theme, or the same one read again
            self._variables = self._app.theme_variables
            self._styles.clear()
        found = self._styles.get((words, action))
        if found is None:
            found = self._styles[words, action] = self._parse(words, action)
        return found

    def strip(self, pieces: Line, width: int, base: Style) -> Strip:
        """Paint a line, cut or filled to ``width``, over a base style."""
        over = _uncoloured if base.reverse else _as_it_is
        segments = [Segment(piece.text, base + over(self.style(piece.style, piece.action))) for piece in pieces]
        return Strip(segments).adjust_cell_length(width, base)

    def _parse(self, words: str, action: str) -> Style:
        attributes: dict[str, Any] = {}
        ground = False
        for word in words.split():
            if word == "on":
                ground = True
            elif ground and word in _MARKING and self._app.current_theme.ansi:
                attributes |= {"reverse": True, "bold": True}
                ground = False
            elif word in _ATTRIBUTES:
                attributes[word] = True
            else:
                attributes["bgcolor" if ground else "color"] = self._colour(word)
                ground = False
        if "reverse" in attributes:
            attributes |= {"color": None, "bgcolor": None}
        meta = {"@click": action} if action else None
        return Style(**attributes, meta=meta)

    def _colour(self, name: str) -> Any:
        return Color.parse(self._app.theme_variables[name]).rich_color
