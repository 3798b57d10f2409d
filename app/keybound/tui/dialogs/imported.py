"""What an import did, and what is left to do."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models import Imported, PlainFinding
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, Piece, line, mark
from keybound.tui.words import plural


def toast(done: Imported) -> str:
    """One line."""
    stored = f"{plural(len(done.stored), 'token')} imported"
    files = len(done.undo)
    rest = [f"{plural(files, 'file')} replaced"] if files else []
    rest += [f"{len(done.not_stored)} not stored"] if done.not_stored else []
    rest += [f"{plural(len(done.not_replaced), 'file')} not replaced"] if done.not_replaced else []
    return "; ".join([stored, *rest])


class ImportedDone(Dialog[None]):
    """Each token and each file, with its reason where nothing was done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "cancel", show=False),
        Binding("up", "scroll_text(-1)", show=False),
        Binding("down", "scroll_text(1)", show=False),
        Binding("pageup", "scroll_text(-10)", show=False),
        Binding("pagedown", "scroll_text(10)", show=False),
    ]

    def __init__(self, done: Imported, by_hand: Sequence[PlainFinding]) -> None:
        super().__init__()
        self._done, self._by_hand = done, by_hand

    def compose(self) -> ComposeResult:
        """One line each."""
        with self.box("Imported", "↑↓ scroll · ⏎ close"):
            yield Text([(), *_lines(self._done, self._by_hand), ()], most=30)

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Text).scroll_relative(y=rows, animate=False)


def _lines(done: Imported, by_hand: Sequence[PlainFinding]) -> list[Line]:
    made: list[Line] = [
        *(
            (mark(State.EXPIRED), *line((f" {one.id}", "bold"), (f" not stored: {one.fault}", "state-expired")))
            for one in done.not_stored
        ),
        *((mark(State.ACTIVE), *line((f" {id_}", "bold"), (" stored, and read back", "muted"))) for id_ in done.stored),
    ]
    if done.undo or done.not_replaced:
        made += [(), line(("Files", "bold"))]
        made += [
            (
                Piece("  "),
                mark(State.EXPIRED),
                *line((f" {one.id} ", ""), (f"not replaced: {one.fault}", "state-expired")),
            )
            for one in done.not_replaced
        ]
        made += [line(("  replaced; to bring it back: ", "muted"), (undo, "bold")) for undo in done.undo]
        made += [line(f"  {note}") for note in done.notes]
    if by_hand:
        made += [(), line(("Still in clear: remove these by hand", "bold"))]
        made += [line((f"  {one.place}  ", ""), (one.title, "muted")) for one in by_hand]
    return made
