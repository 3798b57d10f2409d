"""The Journal screen: what happened, newest first."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from keybound.custody.view_models.overview import EventView
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas, ListCanvas
from keybound.tui.empty import indented, lacks
from keybound.tui.frame.memory import View
from keybound.tui.frame.pane import FilteredPane, closed_filter
from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark
from keybound.tui.words import moment, plural, short_moment

LIMIT = 500


class Events(ListCanvas):
    """One event a row."""

    def __init__(self) -> None:
        super().__init__(id="events")
        self.events: Sequence[EventView] = ()
        self.needle = ""

    @property
    def shown(self) -> list[EventView]:
        """Events that have every word of the filter."""
        words = self.needle.lower().split()
        return [
            event
            for event in self.events
            if all(word in f"{event.kind} {event.id} {event.by} {event.text}".lower() for word in words)
        ]

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Time, what, which token, how."""
        now = host(self).now()
        if not self.shown:
            if self.needle:
                return [("", [line((" No matches.", "muted"))])]
            said = line((" Nothing has happened yet. Every change, release and alert is kept here.", "muted"))
            return [("", [said, (), *indented(lacks(host(self)))])]
        return [(str(event.seq), [_row(event, width, now)]) for event in self.shown]

    @property
    def here(self) -> EventView | None:
        """The event under the cursor."""
        return next((event for event in self.events if str(event.seq) == self.cursor), None)


def _row(event: EventView, width: int, now: float) -> Line:
    glyph = mark(event.state) if event.state is not None else Piece("·", "muted")
    loud = hue(event.state) if event.state is not None and event.state > 0 else "muted"
    head = line((f" {fit(short_moment(event.at, now), 7)}", "muted"))
    body = line((f" {fit(event.kind, 11)}", loud), (fit(event.id, 20) + " ", "bold"), (event.text, "muted"))
    made = (*head, glyph, *body)
    return cut(made, width)


class EventDetail(Canvas):
    """The event under the cursor, in full."""

    event: EventView | None = None

    def lines(self, width: int) -> Sequence[Line]:
        """Two lines."""
        event = self.event
        if event is None:
            return []
        head = line(
            (f"#{event.seq}  ", "muted"),
            (f"{event.kind} ", "bold"),
            (event.id, ""),
            (f"   {moment(event.at, host(self).now())}", "muted"),
        )
        return [cut(head, width), cut(line((f"{event.text}   by ", "muted"), (event.by, "")), width)]


class JournalPane(FilteredPane):
    """The journal; / filters, T keeps one token's events."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "only_token", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.only = ""

    def compose(self) -> ComposeResult:
        """The list, the event in full, the filter."""
        yield Events()
        yield EventDetail(id="event")
        yield closed_filter("filter by words: expired deploy")

    @property
    def list(self) -> Events:
        """The events."""
        return self.query_one(Events)

    def main(self) -> Widget:
        """The list."""
        return self.list

    def remembered(self) -> View:
        """The filter."""
        return {"filter": self.list.needle}

    def recall(self, view: View) -> None:
        """The same again."""
        self.recall_filter(view)

    def refresh_view(self) -> None:
        """Read the journal again."""
        self.run_worker(self.show_events(LIMIT, self.only, self._show), group="journal", exclusive=True)

    def _show(self, events: Sequence[EventView]) -> None:
        self.list.events = events
        self._redraw()

    def _redraw(self) -> None:
        box = self.list
        box.border_title = Content("Journal" + (f" of {self.only}" if self.only else ""))
        more = ", the newest" if len(box.events) == LIMIT else ""
        box.border_subtitle = Content(plural(len(box.shown), "event") + more)
        box.repaint()
        self.moved()

    @on(Events.Moved)
    def moved(self) -> None:
        """The detail follows."""
        detail = self.query_one(EventDetail)
        detail.event = self.list.here
        detail.repaint()
        self.changed()

    @on(Events.Chosen)
    async def chosen(self) -> None:
        """Enter opens the token."""
        await self.show_token(self.target())

    def action_only_token(self) -> None:
        """Only the events of the token under the cursor; again: all."""
        self.only = "" if self.only else next(iter(self.targets()), "")
        self.refresh_view()

    @on(Input.Changed, "#filter")
    def filtered(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self.list.needle = event.value
        self._redraw()

    def action_clear(self) -> None:
        """Esc: the filter, then the token, then back."""
        if self.drop_filter():
            return
        if self.only:
            self.only = ""
            self.refresh_view()
        else:
            self.go_back()

    def targets(self) -> tuple[str, ...]:
        """The event's token, where it still is."""
        here = self.list.here
        return (here.id,) if here is not None and self.token(here.id) else ()

    def explain(self) -> str:
        """What the screen shows."""
        return "Every change, release and alert, newest first. keybound log --verify checks that none was altered."

    def hints(self) -> Sequence[Hint]:
        """Filters, and what can be done with the event's token."""
        token = "all tokens" if self.only else "this token"
        keys = [Hint("/", "filter", 1, "slash"), Hint("T", token, 1), Hint("⏎", "open token", 2, "enter")]
        return [*keys, Hint("R", "reload", 4), HELP, PALETTE]
