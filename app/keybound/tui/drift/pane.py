"""The Drift screen: what left its bounds, what it hit, what can be done."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from keybound.custody.view_models.overview import EventView, ProfileView
from keybound.tui.app_protocol import host
from keybound.tui.drift.gather import Drift, drifts, parts
from keybound.tui.drift.panels import DriftDetail, DriftList, unread
from keybound.tui.frame.pane import Pane
from keybound.tui.hints import HELP, PALETTE, Hint

EVENTS = 200


class DriftPane(Pane):
    """Keys that are outside, gravest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.events: Sequence[EventView] = ()

    def compose(self) -> ComposeResult:
        """The list and the detail."""
        yield DriftList()
        yield DriftDetail()

    @property
    def list(self) -> DriftList:
        """What is outside."""
        return self.query_one(DriftList)

    def main(self) -> Widget:
        """The list."""
        return self.list

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
        found = drifts(host(self).overview)
        self.list.events = self.query_one(DriftDetail).events = self.events
        self.list.border_title = Content("Outside now")
        self.list.border_subtitle = Content(str(len(found)))
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
        detail.drift = drift
        detail.token = self.token(self.list.cursor.removeprefix("token "))
        detail.profile = self._part
        calm = "Not known now" if unread(host(self).overview) else "All inside"
        here = detail.token.id if detail.token else detail.profile.name if detail.profile else calm
        title = drift.key if drift else here
        detail.border_title = Content(title)
        names = self.list.names
        at = names.index(self.list.cursor) + 1 if self.list.cursor in names else 0
        detail.border_subtitle = Content(f"{at} of {len(names)}" if names else "")
        detail.repaint()
        self.changed()

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

    def action_back(self) -> None:
        """Esc: back to the list, then where one came from."""
        if self.list.has_focus:
            self.go_back()
        self.list.focus()

    def targets(self) -> tuple[str, ...]:
        """The tokens that the key hits."""
        drift = self.drift
        if drift is not None:
            return tuple(token.id for token, _ in drift.hits)
        token = self.query_one(DriftDetail).token
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
        tail = [Hint("n", "next", 4), HELP, PALETTE]
        if self._part is not None:
            return [Hint("A", "approve", 1), Hint("e", "edit", 2), *tail]
        if self.drift is None:
            return (
                [Hint("A", "approve", 1), Hint("r", "refresh", 1), Hint("e", "edit", 2), *tail]
                if self.targets()
                else tail
            )
        own = self.drift.row.group in ("settings", "flags", "roles", "env")
        keys = [Hint("u", "put back", 1)] if own else []
        return [
            *keys,
            Hint("A", "approve", 1),
            Hint("w", "widen", 2),
            Hint("r", "refresh", 2),
            Hint("e", "edit", 3),
            *tail,
        ]
