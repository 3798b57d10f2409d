"""Unsaved text and the file changed the same lines: one of the two has to be chosen."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, line


class Conflict(Scrolling[str]):
    """Answers "mine" or "theirs"; esc decides nothing. ``difference``: the file's lines and then those of the text."""

    def __init__(self, profile: str, difference: Sequence[Line]) -> None:
        super().__init__()
        self._profile, self._difference = profile, difference

    def compose(self) -> ComposeResult:
        """What differs, and what each answer does."""
        said: list[Line | str] = [
            "Another program changed lines that you changed, too.",
            line(("- the file now, + your text", "muted")),
            (),
            *self._difference,
            (),
            "Keep mine: saving replaces what the file has now.",
            f"Take the file's: your edits go; {self.key('to_shell')} brings them back.",
            "",
        ]
        with self.box(f"{self._profile}.toml was changed", "tab other · ⏎ choose · esc later"):
            yield Text(said, most=20)
            with Horizontal(classes="buttons"):
                yield Button(Content("Keep mine"), id="mine")
                yield Button(Content("Take the file's"), id="theirs")

    def on_mount(self) -> None:
        """Keeping what was typed writes nothing yet."""
        self.query_one("#mine").focus()

    @on(Button.Pressed)
    def chosen(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(event.button.id)
