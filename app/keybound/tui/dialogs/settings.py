"""Settings: what config.toml says, changed in place."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models.settings import Setting
from keybound.tui.canvas import ListCanvas
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.keyboard import Keyboard
from keybound.tui.styled_text import Line, cut, fit, line


class SettingList(ListCanvas):
    """A setting a row, with its value."""

    def __init__(self) -> None:
        super().__init__(id="settings")
        self.found: list[Setting] = []

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Name, value, what it is."""
        return [(each.name, [cut(_row(each), width)]) for each in self.found]

    @property
    def here(self) -> Setting | None:
        """The one under the cursor."""
        return next((each for each in self.found if each.name == self.cursor), None)


def _row(each: Setting) -> Line:
    value = fit(f"‹ {each.value} ›", 26)
    return line((f"  {fit(each.name, 15)}", "bold"), (value, "accent"))


class Settings(Dialog[None]):
    """Each change is written at once; the file's comments and everything else in it stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False),
        Binding("right,space", "turn(1)", show=False),
        Binding("q,S", "cancel", show=False),
    ]

    def __init__(self, found: Sequence[Setting]) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """The list, and where it is written."""
        with self.box("Settings", "↑↓ move · ←→ change · esc back"):
            yield SettingList()
            yield Text(id="says")

    def on_mount(self) -> None:
        """Show what is set."""
        self._show(self._found)
        self.query_one(SettingList).focus()

    def _show(self, found: Sequence[Setting]) -> None:
        box = self.query_one(SettingList)
        names, worn = tuple(self.host.themes.names), self.host.themes.wanted
        box.found = [each if each.choices else each._replace(choices=names, value=worn) for each in found]
        box.styles.height = len(box.found)
        box.repaint()
        self.tell()

    @on(SettingList.Moved)
    def tell(self) -> None:
        """What the one under the cursor is."""
        says = self._list.here.says if self._list.here else ""
        written = line(("Written to config.toml at once; its comments stay.", "muted"))
        self.query_one("#says", Text).put(["", f"{says[:1].upper()}{says[1:]}.", written])

    @property
    def _list(self) -> SettingList:
        return self.query_one(SettingList)

    def action_turn(self, steps: int) -> None:
        """The next value of what is under the cursor."""
        here = self._list.here
        if here is not None:
            at = here.choices.index(here.value) if here.value in here.choices else -1
            self.run_worker(self._change(here.name, here.choices[(at + steps) % len(here.choices)]), exclusive=True)

    async def _change(self, name: str, value: str) -> None:
        config = await self.host.ask(self.host.service.change_setting, name, value)
        if config is None:
            return
        if name == "theme":
            self.host.use_theme(value)
        self.host.keyboard = Keyboard(config.keys or {})
        found = await self.host.ask(self.host.service.settings)
        if found is not None and self.is_attached:
            self._show(found)
        self.host.look_again()  # the footer shows the real keys
