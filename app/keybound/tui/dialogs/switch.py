"""All profiles: switch to one, with what arrives, changes and leaves; make, copy, rename, remove one, give it a parent."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from keybound.custody.view_models.overview import Overview, ProfileView
from keybound.custody.view_models.plans import SwitchView
from keybound.tui.app_protocol import AppProtocol, host
from keybound.tui.canvas import ListCanvas
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, Piece, cut, fit, hue, line, mark
from keybound.tui.words import fuzzy, tally

_WORDS = (
    ("another", "new"), ("duplicate", "copy"), ("rename", "rename"), ("parent", "parent"), ("remove", "remove"),
    ("compare", "diff"), ("edit", "edit"), ("filter", "find"),
)  # fmt: skip


class Profiles(ListCanvas):
    """Profiles whose name or description has what was typed."""

    needle = ""

    def __init__(self, start: str) -> None:
        super().__init__(id="profiles")
        self._start = start

    def preferred(self, names: Sequence[str]) -> str:
        """The cursor begins where it was asked to."""
        return self._start if self._start in names else ""

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """One row each, the one in use after the others."""
        overview = host(self).overview
        found = [each for each in overview.profiles if fuzzy(self.needle, f"{each.name} {each.description}")]
        order = sorted(
            found,
            key=lambda each: (not any(t.profile == each.name for t in overview.tokens), each.name == overview.active),
        )
        return [(each.name, [_row(overview, each, width)]) for each in order]


def _row(overview: Overview, profile: ProfileView, width: int) -> Line:
    pieces: list[Piece] = [Piece("  " + fit(profile.name, 12) + " ", "bold")]
    counts = tally(token for token in overview.tokens if token.profile == profile.name)
    for state, count in counts:
        pieces += [mark(state), Piece(f" {count}  ", "muted")]
    pieces.append(Piece(" " * (27 - 5 * len(counts))))
    parent = f"extends {profile.extends}" if profile.extends else ""
    words = ["in use here"] if profile.name == overview.active else [parent, profile.description]
    said = profile.fault or " · ".join(filter(None, words))
    return cut((*pieces, *line((said, "state-warning" if profile.fault else "muted"))), width)


def lines_of(view: SwitchView, where: str) -> list[Line]:
    """What the switch would do."""
    made: list[Line] = [line((f"To {view.target}", "bold"), (f"   {where}", "muted")), ()]
    for sign, style, names, word in (
        ("+", "state-active", view.arrives, "arrive"),
        ("~", "state-warning", view.changes, "change"),
        ("-", "state-expired", view.leaves, "leave"),
    ):
        if names:
            made.append(line((f"  {sign} ", f"bold {style}"), (f"{word:<7}", "muted"), (" ".join(names), "bold")))
    if not (view.arrives or view.changes or view.leaves):
        made.append(line(("  no variables change", "muted")))
    made.append(())
    for name, state, why in view.withheld:
        made.append(
            (
                Piece("  "),
                mark(state),
                *line((f" {fit(name, 10)} ", f"bold {hue(state)}"), (f"withheld: {why}", "muted")),
            )
        )
    return made


class Switch(Dialog[None]):
    """Enter switches this shell where there is one that can be pinned, else every following shell; ^a every shell.

    The other keys act on the profile under the cursor as a whole. ``start``: where the cursor begins, if it is meant.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False, priority=True),
        Binding("down", "walk(1)", show=False, priority=True),
        Binding("enter", "use(False)", show=False, priority=True),
        Binding("ctrl+a", "use(True)", show=False, priority=True),
        Binding("ctrl+e", "edit", show=False, priority=True),
        Binding("e", "edit", show=False),
        Binding("slash", "filter", show=False),
        Binding("plus", "another", show=False),
        Binding("c", "duplicate", show=False),
        Binding("f2", "rename", show=False),
        Binding("I", "parent", show=False),
        Binding("ctrl+d", "compare", show=False, priority=True),
        Binding("D", "remove", show=False),
    ]
    pins = False

    def __init__(self, start: str = "") -> None:
        super().__init__()
        self._start = start

    def compose(self) -> ComposeResult:
        """List, the line to find by, consequences, keys."""
        with self.box("Profiles", ""):
            yield Input(placeholder="find by name or description", id="find", classes="-hidden")
            yield Profiles(self._start)
            yield Text([""], id="then", most=10)
            yield Text([(), self._keys()])

    def _keys(self) -> Line:
        pairs = ((self.key(name), word) for name, word in _WORDS if self.key(name))
        return tuple(piece for key, word in pairs for piece in line((key, "bold accent"), (f" {word}  ", "muted")))

    async def on_mount(self) -> None:
        """Ask what a shell can do; look at the first profile."""
        self.query_one(Profiles).focus()
        self._fit()
        self.run_worker(self._begin(), group="begin")

    def _fit(self) -> None:
        self.query_one(Profiles).styles.height = max(min(len(self.host.overview.profiles), 6), 2)

    def refresh_view(self) -> None:
        """Profiles may have come or gone."""
        self._fit()
        self.query_one(Profiles).repaint()
        self.moved()

    async def _begin(self) -> None:
        self.pins = bool(await self.host.ask(self.host.service.pins_a_shell))
        keys = f"⏎ use in this shell · {self.key('all')} in all shells" if self.pins else "⏎ use in all shells"
        self.query_one("#box").border_subtitle = Content(f"{keys} · esc close")
        await self._plan()

    @on(Input.Changed, "#find")
    def found(self, event: Input.Changed) -> None:
        """Find as it is typed."""
        profiles = self.query_one(Profiles)
        profiles.needle = event.value
        profiles.repaint()
        self.moved()

    @on(Profiles.Moved)
    def moved(self) -> None:
        """Plan for the profile under the cursor."""
        self.run_worker(self._plan(), group="plan", exclusive=True)

    async def _plan(self) -> None:
        target = self.query_one(Profiles).cursor
        if not target:
            self.query_one("#then", Text).put([line(("no matching profile", "muted"))])
            return
        view = await self.host.ask(self.host.service.plan_switch, target)
        if view is not None and self.is_mounted:
            where = "in this shell only" if self.pins else "in every shell that follows the active profile"
            self.query_one("#then", Text).put(lines_of(view, where))

    def action_walk(self, steps: int) -> None:
        """Move in the list while typing stays possible."""
        self.query_one(Profiles).action_walk(steps)

    def action_filter(self) -> None:
        """Open the line to find by."""
        box = self.query_one("#find")
        box.remove_class("-hidden")
        box.focus()

    def action_cancel(self) -> None:
        """Esc closes the line to find by, then the dialog."""
        box = self.query_one("#find", Input)
        if box.has_focus:
            box.value = ""
            box.add_class("-hidden")
            self.query_one(Profiles).focus()
        else:
            super().action_cancel()

    def action_use(self, everywhere: bool) -> None:
        """Switch."""
        target = self.query_one(Profiles).cursor
        if target:
            self.host.run_worker(
                self.host.act(self.host.service.switch, target, everywhere or not self.pins), group="action"
            )
            self.dismiss(None)

    @on(Profiles.Chosen)
    def chosen(self) -> None:
        """A second click switches."""
        self.action_use(everywhere=False)

    def action_edit(self) -> None:
        """Open the profile's text."""
        target = self.query_one(Profiles).cursor
        edit = getattr(self.app, "main_screen", None)
        self.dismiss(None)
        if target and edit is not None:
            edit.run_worker(edit.edit_profile(target), group="tab")

    def action_another(self) -> None:
        """Make a profile."""
        from keybound.tui.dialogs.profiles.acts import make

        self.run_worker(make(self.host), group="act")

    def action_duplicate(self) -> None:
        """Copy the profile."""
        from keybound.tui.dialogs.profiles.acts import copy

        self._act(copy)

    def action_rename(self) -> None:
        """Give it another name."""
        from keybound.tui.dialogs.profiles.acts import rename

        self._act(rename)

    def action_parent(self) -> None:
        """Let it extend another, or none."""
        from keybound.tui.dialogs.profiles.acts import give_parent

        self._act(give_parent)

    def action_compare(self) -> None:
        """Show what differs from another."""
        from keybound.tui.dialogs.profiles.compare import compare

        self._act(compare)

    def action_remove(self) -> None:
        """Remove it with its secrets."""
        from keybound.tui.dialogs.profiles.acts import remove

        self._act(remove)

    def _act(self, act: Callable[[AppProtocol, str], Coroutine[Any, Any, None]]) -> None:
        if target := self.query_one(Profiles).cursor:
            self.run_worker(act(self.host, target), group="act")
