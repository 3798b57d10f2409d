"""What is wrong with all that Keybound rests on, what to do about it, and what can be mended at once."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.health import Examination, Health, HealthRow
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, line
from keybound.tui.words import plural

AGAIN, MEND = "again", "mend"
_GLYPHS = {Health.FAIL: ("×", "state-expired"), Health.WARN: ("▲", "state-warning")}
_WORST_FIRST = (Health.FAIL, Health.WARN)


class Doctor(Scrolling[str]):
    """What ``keybound doctor`` says, the worst first. The answer is AGAIN, MEND, or none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,F", "cancel", show=False), Binding("R", "reload", show=False)]

    def __init__(self, found: Examination) -> None:
        super().__init__()
        self._rows = found.rows

    def compose(self) -> ComposeResult:
        """Findings, then the buttons."""
        with self.box("Doctor", f"↑↓ scroll · {self.key('reload')} check again · esc back"):
            yield Text([*self._lines()], most=40)
            with Horizontal(classes="buttons"):
                if any(one.mendable for one in self._rows):
                    yield Button(Content("Mend what is safe"), id=MEND)
                yield Button(Content("Close"), id="close")

    def on_mount(self) -> None:
        """Enter leaves; to mend is a step more."""
        self.query_one("#close").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(MEND if event.button.id == MEND else None)

    def action_reload(self) -> None:
        """Look again."""
        self.dismiss(AGAIN)

    def _lines(self) -> Iterator[Line | str]:
        for status in _WORST_FIRST:
            for one in self._rows:
                if one.status is status:
                    yield from _finding(one)
        good = [one.check for one in self._rows if one.status is Health.OK]
        if len(good) == len(self._rows):
            yield line(("All is in order", "bold"), (f": {plural(len(good), 'check')}.", "muted"))
        yield line(("In order   ", "bold"), (", ".join(dict.fromkeys(good)), "muted"))


def _finding(one: HealthRow) -> Iterator[Line | str]:
    glyph, colour = _GLYPHS[one.status]
    yield line((f"  {glyph} ", colour), (f"{one.check}  ", "bold"), (one.message, ""))
    if one.fix:
        yield line((f"      {one.fix}", "muted"))
    yield ""
