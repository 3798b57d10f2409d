"""The application: one service, one screen with its panes, and dialogs over it."""

import asyncio
import contextvars
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext, suppress
from typing import Any, ClassVar, TypeAlias

from textual import events, on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.service import AppService
from keybound.domain.errors import KeyboundError
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import TALLEST, AppProtocol
from keybound.tui.ascii_mode import AsciiFilter, wants_ascii
from keybound.tui.dialogs.base import Dialog
from keybound.tui.driver import Start, on_ending_signals, sturdy
from keybound.tui.frame.collector import long_work
from keybound.tui.frame.header import Header
from keybound.tui.frame.memory import text
from keybound.tui.frame.pane import Pane
from keybound.tui.frame.screen import MainScreen
from keybound.tui.frame.tabs import folders
from keybound.tui.terminal_ground import GroundQuestion, told
from keybound.tui.theme_choice import AUTO, ThemeChoice
from keybound.tui.themes import FALLBACK
from keybound.tui.typing_ahead import Handled, TypingAhead
from keybound.tui.watching import Change, OneAtATime, changes

Watch: TypeAlias = Callable[[Iterable[str], Callable[[], None]], Callable[[], None]]
TICK = 30.0  # seconds between two looks where no file changes, and between two tries of what is due
SETTLE = 0.15  # seconds from a change to the evaluation: a save is several events


class KeyboundApp(AppProtocol):
    """Keybound in a terminal."""

    TITLE = "keybound"
    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        os.path.join(os.path.dirname(__file__), folder, f"{folder}.tcss")  # whole, so that a subclass finds them too
        for folder in ("frame", *folders(), "dialogs")
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "to_shell", "To the shell", show=False),  # while typing in a profile it is undo
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        service: AppService,
        *,
        watch: Watch | None = None,
        now: Callable[[], float] = time.time,
        theme: str = "",
        home_themes: str = "",
        light: bool = False,
        ascii_only: bool | None = None,
        keys: Mapping[str, object] | None = None,
    ) -> None:
        ascii_only = wants_ascii(os.environ) if ascii_only is None else ascii_only
        super().__init__(service, now, ascii_only=ascii_only, keys=keys or {})
        self._watch = watch
        self._stop_watching: Callable[[], None] | None = None
        self._watched: tuple[str, ...] = ()
        self._evaluation = OneAtATime(self._evaluate)
        self._due = False
        self._next_try = 0.0
        self.themes = ThemeChoice(self, home_themes, light=light)
        self._faults = [*self.themes.faults, *filter(None, [self.themes.wear(theme or self._last_theme())])]
        self.typing_ahead = TypingAhead(self, self._press)
        self.crash = ""
        self.found = Start()
        self._only_ascii = AsciiFilter()

    def _last_theme(self) -> str:
        """What was worn last, where no theme is asked for."""
        last = text(self.left, "theme")
        return last if last in self.themes.names else AUTO

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, made to survive what a terminal may send."""
        return sturdy(
            super().get_driver_class(),
            lambda: self.found,
            lambda: self.end(128 + signal.SIGHUP),
            self._said_light,
        )

    def _said_light(self, light: bool) -> None:
        self.call_later(self.follow_terminal, light)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every painted line goes through, last what leaves only ASCII."""
        filters = super().get_line_filters()
        return [*filters, self._only_ascii] if self.ascii_only else filters

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for themes that do not have them."""
        return dict(FALLBACK)

    def get_default_screen(self) -> Screen[Any]:
        """The frame with its panes."""
        return MainScreen()

    async def on_event(self, event: events.Event) -> None:
        """A key is first made the one that the screens listen to."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self.typing_ahead.key(event)
        else:
            await super().on_event(event)

    async def _press(self, event: events.Key) -> None:
        meant = self.keyboard.meant(event, self.focused)
        if meant is not None:
            await super().on_event(meant)

    @on(Handled)
    def _handled(self) -> None:
        self.typing_ahead.arrived()

    def show_waiting(self) -> None:
        """In the header."""
        for header in self.main_screen.query(Header):
            header.repaint()

    def on_mount(self) -> None:
        """Evaluate; say what was wrong with themes."""
        self.set_class(self.ascii_only, "-ascii")
        if not self.is_headless:
            on_ending_signals(self.end)
        for fault in self._faults:
            self.say(fault, severity="warning")
        self.call_after_refresh(self.look_again)  # what was shown last is painted before
        self.set_interval(TICK, self._tick)

    def end(self, status: int) -> None:
        """End because of something outside: a signal, or a terminal that is gone. Unsaved text is kept."""
        self._keep_unsaved()
        with suppress(Exception):  # it must end, whatever becomes of that
            self.keep_view()
        self.exit(status, return_code=status)

    def _keep_unsaved(self) -> None:
        for frame in self.screen_stack[:1]:
            for pane in frame.query(Pane):
                pane.keep_now()

    def keep_view(self) -> None:
        """What is shown and how, for the next start."""
        found = self.main_screen.remembered() if self.screen_stack else {}
        if found:
            self.service.remember({**found, "theme": self.themes.wanted})

    def on_unmount(self) -> None:
        """Stop watching."""
        if self._stop_watching is not None:
            self._stop_watching()

    def look_again(self) -> None:
        """Ask for a new evaluation; it never overlaps another."""
        self.run_worker(self._evaluation.ask(), group="evaluation", exit_on_error=True)

    async def _evaluate(self) -> None:
        with nullcontext() if self.is_headless else long_work(lasting=not self.ready):
            overview = await self.ask(self.service.overview)
        if overview is None:
            return
        before, self.overview = self.overview, overview
        if self.ready:
            self._tell(changes(before, overview, self.expected))
        self.expected.clear()
        if overview.rings:
            self.bell()
        told = overview.notes == before.notes or overview.store_status == "locked"  # that has a dialog of its own
        for note in () if told else overview.notes:
            self.say(note, severity="warning")
        self.ready = True
        if any(token.rotation.due for token in overview.tokens) and time.monotonic() >= self._next_try:
            self._next_try = time.monotonic() + TICK
            self.run_worker(self._do_due(), group="due")
        self._follow(overview)
        self.main_screen.refresh_view()
        for each in self.screen_stack[1:]:
            if isinstance(each, Dialog):
                each.refresh_view()

    async def _do_due(self) -> None:
        """Refresh and revoke what is due, beside everything else."""
        try:
            for said in await self.rotating.run(self.service.rotation.do_due):
                self.say(said)
        except KeyboundError as error:
            self.say(str(error), severity="error")
        self.look_again()

    def _tell(self, found: list[Change]) -> None:
        """One toast a look, however many tokens it moved."""
        lines = [change.line for change in found]
        calm = all(change.state is State.ACTIVE for change in found)
        if lines:
            self.say("\n".join(lines[:TALLEST]), severity="information" if calm else "warning", lines=lines)

    @property
    def main_screen(self) -> MainScreen:
        """The frame, whatever lies over it."""
        frame = self.screen_stack[0]
        assert isinstance(frame, MainScreen)
        return frame

    def _follow(self, overview: Overview) -> None:
        """Watch the files that this evaluation read."""
        watched = (*overview.watched, *self.themes.watched)
        if self._watch is None or watched == self._watched:
            return
        if self._stop_watching is not None:
            self._stop_watching()
        self._watched = watched
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def changed() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._changed, context=context)

        self._stop_watching = self._watch(self._watched, changed)

    def _changed(self) -> None:
        if not self._due:
            self._due = True
            self.set_timer(SETTLE, self._settled)

    def _settled(self) -> None:
        self._due = False
        for fault in self.themes.reload():
            self.say(fault, severity="warning")
        self.look_again()

    def _tick(self) -> None:
        """Time passes: what is due changes without a file."""
        if not self.service_worker.pending:
            self.look_again()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: every action, every theme."""
        yield from self.main_screen.commands()
        for name in self.themes.names:
            yield SystemCommand(f"Theme: {name}", "Change the colours", lambda name=name: self.use_theme(name))

    def open_store(self) -> None:
        """Ask for the store to be opened, over whatever is shown."""
        from keybound.tui.dialogs.unlock import Unlock

        if not any(isinstance(each, Unlock) for each in self.screen_stack):
            self.main_screen.ask_to_unlock()

    async def action_quit(self) -> None:
        """Quit from anywhere; unsaved text is asked about."""
        self.main_screen.action_leave()

    def action_to_shell(self) -> None:
        """Stop, as any program of a shell; ``fg`` goes on. Only where a shell waits that can bring us back."""
        if os.getpgrp() == os.getsid(0):
            self.say("no shell can bring this back; ctrl+q quits", severity="warning")
        else:
            self.action_suspend_process()

    def use_theme(self, name: str) -> None:
        """Change the theme; ``auto`` goes with the terminal."""
        self.themes.wear(name)
        self.main_screen.refresh_view()

    def next_theme(self) -> str:
        """Wear the next theme; its name."""
        name = self.themes.next()
        self.main_screen.refresh_view()
        return name

    def follow_terminal(self, light: bool) -> None:
        """The terminal says whether it is light: where no theme was chosen, ours goes with it."""
        if self.themes.follow(light):
            self.main_screen.refresh_view()

    def _fatal_error(self) -> None:
        """End with one line: a traceback would show local variables, and one of them might be a secret."""
        error = sys.exc_info()[1] or self._exception
        self.crash = crash_line(error)
        with suppress(Exception):  # it is ending already, and must say why
            self._keep_unsaved()
        from rich.segment import Segment, Segments

        self._exit_renderables.append(Segments([Segment(self.crash), Segment.line()]))
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """As any other fault: nothing of the renderables is shown, they may hold local variables."""
        del renderables
        self._fatal_error()


def crash_line(error: BaseException | None) -> str:
    """Where the program failed and with what kind of error; never its message, which may quote a value."""
    where, step = "", error.__traceback__ if error else None
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if "keybound" in name or not where:
            where = f"{name.rpartition('/')[2]}:{step.tb_lineno}"
        step = step.tb_next
    return f"keybound: failed with {type(error).__name__} at {where or 'an unknown place'}"


def run_app(
    service: AppService,
    *,
    watch: Watch | None = None,
    now: Callable[[], float] = time.time,
    theme: str = "",
    home_themes: str = "",
    keys: Mapping[str, object] | None = None,
) -> int:
    """Run until the user leaves; the exit status. ``theme``: its name, or ``auto`` for one that goes with the terminal."""
    question = GroundQuestion.put(os.environ) if theme in ("", AUTO) else None
    try:
        app = KeyboundApp(
            service, watch=watch, now=now, theme=theme, home_themes=home_themes, light=told(os.environ), keys=keys
        )
        if question is not None:
            app.themes.follow(question.answer())
            app.found = question.start
        app.run()
    finally:
        if question is not None:
            question.give_back()
    return app.return_code or 0
