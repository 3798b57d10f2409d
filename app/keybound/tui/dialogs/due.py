"""Due: what time brings to the tokens within 90 days, by week."""

import time
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.due import DAY, DAYS, Due
from keybound.tui.styled_text import Line, Piece, fit, line, mark
from keybound.tui.words import span


class DueSoon(Scrolling[None]):
    """A calendar of what ends, is refreshed or revoked; what is late stands first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,C", "cancel", show=False)]

    def __init__(self, due: Sequence[Due]) -> None:
        super().__init__()
        self._due = due

    def compose(self) -> ComposeResult:
        """The weeks."""
        made = list(_weeks(self._due, self.host.now()))
        with self.box(f"Due within {DAYS} days", "↑↓ scroll · esc back"):
            yield Text(made or [line((f"Nothing is due within {DAYS} days.", "muted"))], most=30)


def _weeks(due: Sequence[Due], now: float) -> Iterator[Line]:
    by_hand = sum(not one.by_itself for one in due)
    if due and by_hand:
        rest = "; the rest happens by itself." if by_hand < len(due) else "."
        yield line(
            (f"{by_hand} of {len(due)}", "bold"),
            (f" need{'s' if by_hand == 1 else ''} you{rest}", "muted"),
        )
    elif due:
        yield line(("Nothing needs you: all of it happens by itself.", "muted"))
    before = ""
    for one in due:
        week = _week(one.at, now)
        if week != before:
            yield ()
            yield line((week, "bold group"))
            before = week
        yield _row(one, now)
        if one.why:
            yield line((f"      {one.why}", "state-warning"))


def _week(at: float, now: float) -> str:
    if at <= now:
        return "Late"
    if at < now + 7 * DAY:
        return "Within 7 days"
    monday = time.localtime(at - time.localtime(at).tm_wday * DAY)
    return f"Week of {monday.tm_mday} {time.strftime('%B', monday)}"


def _distance(seconds: float) -> str:
    return f"in {span(seconds)}" if seconds > 0 else "late"


def _row(one: Due, now: float) -> Line:
    then = time.localtime(one.at)
    style = "muted" if one.by_itself else "state-warning"
    return (
        Piece("  "),
        mark(one.token.state),
        *line((f" {fit(one.token.id, 24)} ", "bold"), (fit(f"{then.tm_mday} {time.strftime('%b', then)}", 7), "")),
        *line((fit(_distance(one.at - now), 8), "muted"), (one.what, style)),
    )
