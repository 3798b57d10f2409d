"""Help: the focused thing explained, its keys, and what the states mean."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.domain.verdict.states import State
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.frame.tabs import TABS
from keybound.tui.hints import Hint
from keybound.tui.styled_text import Line, Piece, fit, hue, line, mark

MEANING = {
    State.ACTIVE: "usable",
    State.WARNING: "usable; changed inside its bounds, or due soon",
    State.SUSPENDED: "withheld while outside; recovers by itself",
    State.UNAPPROVED: "withheld until approved: it has changed",
    State.EXPIRED: "withheld until approved again or refreshed",
    State.MISSING: "no secret has been added",
}


def keys_of(hints: Sequence[Hint], columns: int = 3) -> list[Line]:
    """Keys in columns."""
    rows = [hints[at : at + columns] for at in range(0, len(hints), columns)]
    return [
        tuple(
            piece
            for hint in row
            for piece in line(("  " + fit(hint.shown, 6) + " ", "bold accent"), (fit(hint.word, 14), "muted"))
        )
        for row in rows
    ]


class Help(Dialog[None]):
    """``text`` explains; ``hints`` are the keys of the focused thing, ``others`` those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,enter,q", "cancel", show=False)]

    def __init__(self, text: str, hints: Sequence[Hint], others: Sequence[Hint]) -> None:
        super().__init__()
        self._text, self._hints = text, [hint for hint in hints if hint.word != "help"]
        self._others = [hint for hint in others if hint.word != "help"]
        if self._others:  # where text is typed, a digit is a digit
            self._others.insert(0, Hint(f"1-{len(TABS)}", "screens"))

    def _everywhere(self, air: list[Line]) -> list[Line]:
        return [*air, line(("Everywhere", "bold")), *keys_of(self._others)] if self._others else []

    def compose(self) -> ComposeResult:
        """Everything on one page."""
        states: list[Line] = [
            (
                Piece("  "),
                mark(state),
                *line((f" {fit(state.word, 11)}", f"bold {hue(state)}"), (MEANING[state], "muted")),
            )
            for state in State
        ]
        air: list[Line] = [()] if self.app.size.height >= 32 else []
        with self.box("Help", "esc back"):
            yield Text(
                [
                    *air,
                    self._text or "Keybound.",
                    *air,
                    line(("Keys here", "bold")),
                    *keys_of(self._hints),
                    *self._everywhere(air),
                    *air,
                    line(("States", "bold")),
                    *states,
                    *air,
                ],
                most=30,
            )
