"""What an import did, and what is left to do."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models.plain import Imported, PlainFinding
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, line, mark
from keybound.tui.words import plural

_MOST = 40  # names


def toast(done: Imported) -> str:
    """One line."""
    stored = f"{plural(len(done.stored), 'token')} imported"
    files = len(done.undo)
    rest = [f"{plural(files, 'file')} replaced"] if files else []
    rest += [f"{len(done.not_stored)} not stored"] if done.not_stored else []
    rest += [f"{plural(len(done.not_replaced), 'file')} not replaced"] if done.not_replaced else []
    return "; ".join([stored, *rest])


class ImportedDone(Scrolling[None]):
    """What was stored and replaced, and each token and file of which nothing was done, with its reason."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "cancel", show=False)]

    def __init__(self, done: Imported, by_hand: Sequence[PlainFinding]) -> None:
        super().__init__()
        self._done, self._by_hand = done, by_hand

    def compose(self) -> ComposeResult:
        """Failures, what is stored, what was replaced, what is left to do."""
        with self.box("Imported", "↑↓ scroll · ⏎ close"):
            yield Text([(), *_lines(self._done, self._by_hand), ()], most=30)


def _lines(done: Imported, by_hand: Sequence[PlainFinding]) -> list[Line]:
    made: list[Line] = [
        (mark(State.EXPIRED), *line((f" {one.id}", "bold"), (f" not stored: {one.fault}", "state-expired")))
        for one in done.not_stored
    ]
    made += [
        (mark(State.EXPIRED), *line((f" {one.id}", "bold"), (f" not replaced: {one.fault}", "state-expired")))
        for one in done.not_replaced
    ]
    made += _stored(done.stored)
    if done.stored and not (done.undo or done.not_replaced):
        made.append(line(("  Their plain copies stay where they are; import again to replace them.", "muted")))
    if done.undo:
        it = "it" if len(done.undo) == 1 else "one"
        made += [(), line((f"{plural(len(done.undo), 'file')} replaced", "bold"), (f"; to bring {it} back:", "muted"))]
        made += [line(f"  {undo}") for undo in done.undo]
    made += [(), *(line(("▸ ", "bold accent"), note) for note in done.notes)] if done.notes else []
    if by_hand:
        made += [(), line(("Still in clear", "bold"), (": remove these by hand", "muted"))]
        made += [line((f"  {one.place}  ", ""), (one.title, "muted")) for one in by_hand]
    return made


def _stored(ids: Sequence[str]) -> list[Line]:
    if not ids:
        return []
    profile = ids[0].partition("/")[0]
    names = ", ".join(id_.partition("/")[2] for id_ in ids[:_MOST])
    more = f" and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
    head = line((f" {plural(len(ids), 'token')} stored in {profile}", "bold"), (", sealed and read back", "muted"))
    return [(mark(State.ACTIVE), *head), line(f"  {names}{more}")]
