"""The footer: one line made for the focused thing."""

from collections.abc import Sequence

from keybound.tui.canvas import Canvas
from keybound.tui.hints import Hint
from keybound.tui.styled_text import Line, Piece, cut, line

LEAST_COLUMNS, LEAST_ROWS = 60, 15  # with which every screen and dialog can be used


def fitting(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that fit a width; whole ones go, those of the largest rank first and the last of them first."""
    kept = list(hints)
    while kept and sum(hint.width for hint in kept) - 1 > width:
        worst = max(range(len(kept)), key=lambda at: (kept[at].rank, at))
        del kept[worst]
    return kept


def too_small(columns: int, rows: int) -> str:
    """That a terminal of this size is too small, or ""."""
    if columns >= LEAST_COLUMNS and rows >= LEAST_ROWS:
        return ""
    return f" {columns}x{rows} is too small: {LEAST_COLUMNS}x{LEAST_ROWS} is needed"


class Footer(Canvas):
    """Keys of the focused thing."""

    DEFAULT_CSS = "Footer { height: 1; overflow: hidden; }"
    hints: Sequence[Hint] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """Show these."""
        self.hints = hints
        self.repaint()

    def lines(self, width: int) -> Sequence[Line]:
        """The one line; on a terminal on which not everything can be used, that."""
        if small := too_small(*self.app.size):
            return [cut(line((small, "bold state-warning")), width)]
        pieces = [Piece(" ")]
        for hint in fitting(self.hints, width - 1):
            action = f"screen.press('{hint.key or hint.shown}')"
            pieces += [Piece(hint.shown, "bold accent", action), Piece(f" {hint.word}  ", "muted", action)]
        return [tuple(pieces)]
