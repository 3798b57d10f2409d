"""What every screen is: a container that knows what its keys would act on; and one that has a filter."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Input

from keybound.custody.view_models.overview import EventView
from keybound.custody.view_models.tokens import TokenView
from keybound.tui.app_protocol import host
from keybound.tui.frame.memory import View, text
from keybound.tui.frame.once import tokens_by_id
from keybound.tui.hints import Hint


class Pane(Container):
    """One of the screens."""

    DEFAULT_CSS = "Pane { height: 1fr; }"

    def refresh_view(self) -> None:
        """Show the present overview. Override this."""
        raise NotImplementedError

    def hints(self) -> Sequence[Hint]:
        """Keys for the focused thing, in the order of the footer. Override this."""
        raise NotImplementedError

    def filter_hints(self) -> Sequence[Hint]:
        """Keys that do something of their own while the filter is typed in."""
        return ()

    def targets(self) -> tuple[str, ...]:
        """Ids of the tokens that an action on several would act on."""
        return ()

    def target(self) -> str:
        """Id of the one token that any other action would act on, or ""."""
        return next(iter(self.targets()), "")

    def target_profile(self) -> str:
        """The profile that is meant: the token's, else the one in use."""
        return self.target().partition("/")[0] or host(self).overview.active

    def heading_name(self) -> str:
        """The profile whose heading is under the cursor, or ""."""
        return ""

    def approvable(self) -> tuple[str, ...]:
        """What approving would act on: tokens, and profiles whose own part is meant."""
        return self.targets()

    def removable(self) -> tuple[str, ...]:
        """What removing would act on."""
        return self.targets()

    def acted(self) -> None:
        """Something was done to the targets: what was marked for it is no longer."""

    def target_key(self) -> str:
        """The key that an action would act on, or ""."""
        return ""

    def explain(self) -> str:
        """What the focused thing is, for the help."""
        return ""

    def main(self) -> Widget:
        """The widget that takes the focus when the screen is opened. Override this."""
        raise NotImplementedError

    def takes_text(self) -> bool:
        """Whether letters are typed here now, so that they do nothing else."""
        return isinstance(self.screen.focused, Input)

    def remembered(self) -> View:
        """What the next start takes up again: simple values of JSON."""
        return {}

    def recall(self, view: View) -> None:
        """Take it up again, before anything is shown; what is no longer there is passed over."""

    def leave_question(self) -> str:
        """What quitting would lose, or ""."""
        return ""

    async def save_work(self) -> bool:
        """Save unsaved work, with whatever has to be asked; whether none is left."""
        return not self.leave_question()

    def keep_now(self) -> None:
        """The program must end: keep unsaved work at once, where there is any."""

    def give_up(self) -> None:
        """Unsaved work is given up on purpose."""

    def token(self, name: str) -> TokenView | None:
        """A token of the overview."""
        return tokens_by_id(host(self).overview).get(name)

    def changed(self) -> None:
        """Tell the frame that the focused thing is another one."""
        show = getattr(self.screen, "show_hints", None)
        if show is not None:
            show()

    async def show_token(self, token: str) -> None:
        """Go to a token on the first screen; esc leads back."""
        jump = getattr(self.screen, "jump", None)
        table = getattr(await jump(0), "table", None) if jump is not None and token else None
        if table is not None:
            table.stand(token)

    def go_back(self) -> bool:
        """Esc where there is nothing to clear: back to the screen that opened this one; False: none did."""
        back = getattr(self.screen, "go_back", None)
        return back is not None and bool(back())

    async def show_events(self, limit: int, token: str, show: Callable[[Sequence[EventView]], None]) -> None:
        """Read the newest events, of one token or ("") of all, and show them."""
        events = await host(self).ask(host(self).service.journal, limit, token)
        if events is not None:
            with suppress(NoMatches):  # the application may have ended meanwhile
                show(events)


class FilteredPane(Pane):
    """A pane with a line to filter by: / opens it, Enter keeps what was typed, Esc drops it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", show=False),
        Binding("escape", "clear", show=False),
    ]

    def action_clear(self) -> None:
        """Esc. Override this, with :meth:`drop_filter` in it."""
        raise NotImplementedError

    @property
    def filter_line(self) -> Input:
        """The line."""
        return self.query_one("#filter", Input)

    def action_filter(self) -> None:
        """Open the filter."""
        self.filter_line.remove_class("-hidden")
        self.filter_line.focus()

    @on(Input.Submitted, "#filter")
    def settled(self) -> None:
        """Enter keeps the filter and goes back."""
        self.filter_line.set_class(not self.filter_line.value, "-hidden")
        self.main().focus()

    def recall_filter(self, view: View) -> None:
        """Filter as at the last start."""
        line = self.filter_line
        line.value = text(view, "filter")
        line.set_class(not line.value, "-hidden")

    def drop_filter(self) -> bool:
        """Close the filter and go back; False: it was not open."""
        line = self.filter_line
        if line.has_class("-hidden"):
            return False
        line.value = ""
        line.add_class("-hidden")
        self.main().focus()
        return True


def closed_filter(placeholder: str) -> Input:
    """A closed line to filter by, for a :class:`FilteredPane`."""
    return Input(placeholder=placeholder, id="filter", classes="-hidden")
