"""The Drift screen: what left its bounds, what it hit, what can be done."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from keybound.custody.view_models.overview import EventView, ProfileView
from keybound.domain.errors import KeyboundError
from keybound.tui.app_protocol import host
from keybound.tui.drift.detail import DriftDetail, Subject
from keybound.tui.drift.gather import Drift, drifts, is_own, parts
from keybound.tui.drift.panels import DriftList, unread
from keybound.tui.frame.memory import View
from keybound.tui.frame.pane import FilteredPane, closed_filter
from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.watching import OneAtATime

EVENTS = 200


class DriftPane(FilteredPane):
    """Keys that are outside, gravest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", show=False),
        Binding("z", "mute", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.events: Sequence[EventView] = ()
        self._reading = OneAtATime(self._read_text)

    def compose(self) -> ComposeResult:
        """The list, the detail, the filter."""
        yield DriftList()
        yield DriftDetail()
        yield closed_filter("filter by words: flags expired")

    @property
    def list(self) -> DriftList:
        """What is outside."""
        return self.query_one(DriftList)

    def main(self) -> Widget:
        """The list."""
        return self.list

    def remembered(self) -> View:
        """The filter, and what is muted."""
        return {"filter": self.list.needle, **self.list.muted.remembered()}

    def recall(self, view: View) -> None:
        """The same again."""
        self.list.muted.recall(view)
        self.recall_filter(view)

    def on_resize(self) -> None:
        """Beside each other from 100 columns on."""
        self.set_class(self.size.width < 100, "-narrow")

    def refresh_view(self) -> None:
        """Show the present overview, and ask the journal for times."""
        self._redraw()
        self.run_worker(self.show_events(EVENTS, "", self._show), group="events", exclusive=True)

    def _show(self, events: Sequence[EventView]) -> None:
        self.events = events
        self._redraw()

    def _redraw(self) -> None:
        overview, muted = host(self).overview, self.list.muted
        found = drifts(overview)
        if host(self).ready and not unread(overview):
            muted.keep_only(found)
        quiet = sum(drift in muted for drift in found)
        self.list.events = self.query_one(DriftDetail).events = self.events
        self.list.border_title = Content("Outside now")
        self.list.border_subtitle = Content(str(len(found)) + (f", {quiet} muted" if quiet else ""))
        self.list.repaint()
        self.moved()

    @property
    def drift(self) -> Drift | None:
        """The key under the cursor."""
        return next((each for each in drifts(host(self).overview, self.events) if each.name == self.list.cursor), None)

    @on(DriftList.Moved)
    def moved(self) -> None:
        """The detail follows."""
        detail, drift = self.query_one(DriftDetail), self.drift
        token, profile = self.token(self.list.cursor.removeprefix("token ")), self._part
        detail.subject = Subject(drift, token, profile, drift is not None and drift in self.list.muted)
        detail.text = None
        calm = "Not known now" if unread(host(self).overview) else "All inside"
        here = token.id if token else profile.name if profile else calm
        detail.border_title = Content(drift.key if drift else here)
        names = self.list.names
        at = names.index(self.list.cursor) + 1 if self.list.cursor in names else 0
        detail.border_subtitle = Content(f"{at} of {len(names)}" if names else "")
        detail.repaint()
        self.changed()
        if drift is not None and is_own(drift):
            self.run_worker(self._reading.ask(), group="text")

    async def _read_text(self) -> None:
        """The file of the key under the cursor, and what it would be with the value put back."""
        drift, detail, app = self.drift, self.query_one(DriftDetail), host(self)
        if drift is None:
            return
        try:
            ids = [token.id for token, _ in drift.hits]
            found = await app.service_worker.run(app.service.put_back, ids, drift.key)
        except KeyboundError:  # there is no single value to put back: the panel says what can be done
            return
        if detail.is_attached and detail.subject.drift == self.drift == drift:
            detail.text = found
            detail.repaint()

    @on(Input.Changed, "#filter")
    def filtered(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self.list.needle = event.value
        self._redraw()

    @on(DriftDetail.Taken)
    async def taken(self, event: DriftDetail.Taken) -> None:
        """Enter on a way out is its key."""
        await (self.run_action("mute") if event.action == "mute" else self.screen.run_action(event.action))

    def action_mute(self) -> None:
        """List what is under the cursor last until its value changes, or no longer."""
        drift = self.drift
        if drift is None:
            return
        if drift.row.now.hidden:
            host(self).say(f"{drift.key} is hidden here: nothing would tell that it changed", severity="warning")
            return
        self.list.muted.turn(drift)
        host(self).keep_view()
        self._redraw()

    @on(DriftList.Chosen)
    def chosen(self) -> None:
        """Enter goes to the detail."""
        self.query_one(DriftDetail).focus()

    def action_next(self) -> None:
        """The next one, round and round."""
        names = self.list.names
        if names:
            at = names.index(self.list.cursor) if self.list.cursor in names else -1
            self.list.stand(names[(at + 1) % len(names)])

    def action_clear(self) -> None:
        """Esc: the filter, then back to the list, then where one came from."""
        if self.drop_filter():
            return
        if self.list.has_focus:
            self.go_back()
        self.list.focus()

    def targets(self) -> tuple[str, ...]:
        """The tokens that the key hits."""
        drift = self.drift
        if drift is not None:
            return tuple(token.id for token, _ in drift.hits)
        token = self.query_one(DriftDetail).subject.token
        return (token.id,) if token else ()

    @property
    def _part(self) -> ProfileView | None:
        """The profile under the cursor whose own part is not approved."""
        return next((each for each in parts(host(self).overview) if f"profile {each.name}" == self.list.cursor), None)

    def approvable(self) -> tuple[str, ...]:
        """As targets, or the profile."""
        return self.targets() or ((self._part.name,) if self._part else ())

    def target_profile(self) -> str:
        """The profile of what is under the cursor."""
        return self._part.name if self._part else super().target_profile()

    def target_key(self) -> str:
        """The key."""
        return self.drift.key if self.drift else ""

    def explain(self) -> str:
        """What the screen shows."""
        return "Keys whose current value is outside a boundary, what was approved, and which tokens are withheld."

    def hints(self) -> Sequence[Hint]:
        """What can be done about it."""
        tail = [Hint("n", "next", 4), Hint("/", "filter", 4, "slash"), HELP, PALETTE]
        if self._part is not None:
            return [Hint("A", "approve", 1), Hint("e", "edit", 2), *tail]
        if self.drift is None:
            return (
                [Hint("A", "approve", 1), Hint("r", "refresh", 1), Hint("e", "edit", 2), *tail]
                if self.targets()
                else tail
            )
        keys = [Hint("u", "put back", 1)] if is_own(self.drift) else []
        return [
            *keys,
            Hint("A", "approve", 1),
            Hint("w", "widen", 2),
            Hint("r", "refresh", 2),
            Hint("e", "edit", 3),
            Hint("z", "unmute" if self.drift in self.list.muted else "mute", 3),
            *tail,
        ]
