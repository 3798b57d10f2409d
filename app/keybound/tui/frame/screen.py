"""The frame: header, one of the panes, footer; panes are made when they are first opened."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Input

from keybound.tui.app_protocol import host
from keybound.tui.dialogs.base import Dialog
from keybound.tui.frame.actions import ACTIONS, OUTSIDE_ONLY
from keybound.tui.frame.footer import Footer
from keybound.tui.frame.header import Header
from keybound.tui.frame.memory import View, table, text
from keybound.tui.frame.pane import Pane
from keybound.tui.frame.tabs import MOST, make_pane, position, tab_names
from keybound.tui.hints import HELP, PALETTE, TYPING_HELP, Hint
from keybound.tui.keyboard import textual_key
from keybound.tui.screen_actions import ScreenActions

FILTER = (
    Hint("⏎", "keep", 1, "enter"),
    Hint("esc", "clear", 1, "escape"),
    HELP._replace(shown="F1", key=TYPING_HELP),
    PALETTE,
)


class MainScreen(ScreenActions, Screen[None]):
    """All of Keybound but its dialogs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(textual_key(each.key), each.does, each.title, show=False) for each in ACTIONS),
        *(Binding(str(at + 1), f"tab({at})", "Open a screen", show=False) for at in range(MOST)),
        Binding("right_square_bracket", "turn(1)", "Next screen", show=False),
        Binding("left_square_bracket", "turn(-1)", "Previous screen", show=False),
        Binding(TYPING_HELP, "help", "Help", show=False),
    ]
    tab = 0
    _view: View | None = None  # how it was left; None: not read yet
    _begun = False
    _came_from: int | None = None  # where one was when something else was opened from there

    def compose(self) -> ComposeResult:
        """Header, pane, footer."""
        yield Header()
        first = make_pane(0)
        first.id = "pane-0"
        yield Container(first, id="panes")
        yield Footer()

    def on_mount(self) -> None:
        """The pane that was open last has the focus."""
        self._view = host(self).left
        self.pane.recall(table(self._view, tab_names()[0]))
        last = text(self._view, "tab")
        if last in tab_names()[1:]:
            self.run_worker(self.open(position(last)), exclusive=True, group="tab")
        else:
            self.pane.main().focus()

    def remembered(self) -> View:
        """How everything is left; nothing where it ends before it has begun."""
        if self._view is None:
            return {}
        opened = {name: self.query(f"#pane-{at}").results(Pane) for at, name in enumerate(tab_names())}
        panes = {name: pane.remembered() for name, found in opened.items() for pane in found}
        return {**self._view, **panes, "tab": tab_names()[self.tab]}

    def on_resize(self) -> None:
        """One header row below 100 columns; the footer says where there is too little room."""
        self.query_one(Footer).repaint()
        self.query_one(Header).set_class(self.size.width < 100, "-narrow")

    @property
    def pane(self) -> Pane:
        """The pane that is open."""
        return self.query_one(f"#pane-{self.tab}", Pane)

    async def open(self, at: int) -> Pane:
        """Open a pane, making it if it was never open."""
        panes = self.query_one("#panes")
        if not panes.query(f"#pane-{at}"):
            made = make_pane(at)
            made.id = f"pane-{at}"
            await panes.mount(made)
            made.recall(table(self._view or {}, tab_names()[at]))
        for each in panes.query_children(Pane):
            each.display = each.id == f"pane-{at}"
        self.tab = self.query_one(Header).tab = at
        self.pane.main().focus()
        self.refresh_view()
        return self.pane

    def refresh_view(self) -> None:
        """Show the present overview in the header and in the open pane."""
        if not self.query(Header) or not self.query(f"#pane-{self.tab}"):
            return
        panes = enumerate(tab_names())
        self.query_one(Header).unsaved = [name for at, name in panes if self._at_stake(at)]
        self.query_one(Header).repaint()
        if host(self).ready:
            self.pane.refresh_view()
            self._ask_what_is_due()
        self.show_hints()

    def _at_stake(self, at: int) -> bool:
        return any(pane.leave_question() for pane in self.query(f"#pane-{at}").results(Pane))

    def _ask_what_is_due(self) -> None:
        if not self._begun:
            self._begun = True
            self.run_worker(self.begin(), group="begin")
        elif not any(worker.group == "begin" and not worker.is_finished for worker in self.workers):
            self.offer_unlock()
            self.welcome()

    def show_hints(self) -> None:
        """Show the keys of the focused thing."""
        if self.query(f"#pane-{self.tab}"):
            self.query_one(Footer).show(self.real(self.hints()))

    def real(self, hints: Iterable[Hint]) -> list[Hint]:
        """Hints with the keys that a person presses."""
        return [real for hint in hints if (real := host(self).keyboard.real(hint)) is not None]

    def hints(self) -> list[Hint]:
        """The focused thing's own keys, then the other actions, which go first where there is no room."""
        own = list(self.own_hints())
        return own if self.pane.takes_text() else [*own[:-2], *self.other_hints(), *own[-2:]]  # help and palette last

    def own_hints(self) -> Sequence[Hint]:
        """Keys of the focused thing: of the filter while it is typed in, else as the pane says."""
        return (*self.pane.filter_hints(), *FILTER) if isinstance(self.focused, Input) else self.pane.hints()

    def other_hints(self) -> list[Hint]:
        """Actions that the focused thing does not put in the footer itself."""
        shown = {textual_key(hint.key or hint.shown) for hint in self.own_hints()}
        outside = bool(self.pane.target_key())
        return [
            each.hint
            for each in ACTIONS
            if textual_key(each.key) not in shown and (outside or each.name not in OUTSIDE_ONLY)
        ]

    def on_descendant_focus(self) -> None:
        """Another thing has the focus: other keys."""
        self.show_hints()

    async def jump(self, at: int) -> Pane:
        """Open a pane to show something there; esc leads back."""
        if at != self.tab:
            self._came_from = self.tab
        return await self.open(at)

    def go_back(self) -> bool:
        """Go back to where :meth:`jump` came from; False: it was chosen."""
        at, self._came_from = self._came_from, None
        if at is not None:
            self.run_worker(self.open(at), exclusive=True, group="tab")
        return at is not None

    async def action_tab(self, at: int) -> None:
        """Go to a pane; unsaved text stays in its own. What is typed next waits until it is open."""
        if at < len(tab_names()):
            self._came_from = None
            await self.open(at)

    async def action_turn(self, steps: int) -> None:
        """Go to the next pane, round and round."""
        await self.action_tab((self.tab + steps) % len(tab_names()))

    def action_leave(self) -> None:
        """Quit; what would be lost, in any pane or dialog, is asked first."""
        lost = list(filter(None, [each.at_stake() for each in self.app.screen_stack if isinstance(each, Dialog)]))
        unsaved = list(filter(None, [pane.leave_question() for pane in self.query(Pane)]))
        if lost:
            self.run_worker(self._quit([*lost, *unsaved]), group="quit", exclusive=True)
        elif unsaved:
            self.run_worker(self._quit_saved(unsaved), group="quit", exclusive=True)
        else:
            self._go()

    async def _quit_saved(self, unsaved: list[str]) -> None:
        from keybound.tui.frame.leave import Leave

        answer = await self.app.push_screen_wait(Leave(unsaved))
        if answer == "discard" or (answer == "save" and all([await pane.save_work() for pane in self.query(Pane)])):
            self._go()

    async def _quit(self, lost: list[str]) -> None:
        from keybound.tui.dialogs.confirm import Confirm

        if await self.app.push_screen_wait(Confirm("Quit without saving?", lost, "Quit and discard it")):
            self._go()

    def _go(self) -> None:
        for pane in self.query(Pane):
            pane.give_up()
        host(self).keep_view()
        host(self).exit(0)

    def action_press(self, key: str) -> None:
        """A click on a key in the footer is that key."""
        self.app.simulate_key(key)

    def action_reload(self) -> None:
        """Evaluate again."""
        host(self).look_again()

    def action_theme(self) -> None:
        """The next theme."""
        host(self).say(f"theme {host(self).next_theme()}")

    def commands(self) -> Iterable[SystemCommand]:
        """Every action, for the palette."""
        for at, name in enumerate(tab_names()):
            yield SystemCommand(name, f"Open the {name} screen", self._runner(f"tab({at})"))
        for each in ACTIONS:
            yield SystemCommand(each.title, each.says, self._runner(each.does))
        known = {textual_key(each.key) for each in ACTIONS} | {"ctrl+p", TYPING_HELP}
        for hint in self.own_hints():
            real = host(self).keyboard.real(hint)
            if textual_key(hint.key or hint.shown) not in known and real is not None:
                says = f"{tab_names()[self.tab]} screen, key {real.shown}"
                yield SystemCommand(hint.word.capitalize(), says, partial(self._press_later, real.key or real.shown))

    def _press_later(self, key: str) -> None:
        """Press a key once the palette is gone and the focus is back where it was."""
        if self.is_current and self.focused is not None:
            self.action_press(key)
        else:
            self.set_timer(0.02, partial(self._press_later, key))

    def _runner(self, action: str) -> Callable[[], None]:
        async def run() -> None:
            await self.run_action(action)

        def start() -> None:
            self.call_later(run)

        return start
