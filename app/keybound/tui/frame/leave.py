"""Quit with unsaved text: save it, discard it, or stay."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.tui.dialogs.base import Scrolling, Text


class Leave(Scrolling[str]):
    """Answers "save" or "discard"; esc and the last button stay."""

    def __init__(self, unsaved: Sequence[str]) -> None:
        super().__init__()
        self._unsaved = list(unsaved)

    def compose(self) -> ComposeResult:
        """What is unsaved, then the three ways."""
        with self.box("Quit without saving?", "tab other · ⏎ choose · esc stay"):
            yield Text(["", *self._unsaved, ""])
            with Horizontal(classes="buttons"):
                yield Button(Content("Save"), id="save")
                yield Button(Content("Discard"), id="discard")
                yield Button(Content("Stay"), id="stay")

    def on_mount(self) -> None:
        """Saving loses nothing, and asks where it changes tokens."""
        self.query_one("#save").focus()

    @on(Button.Pressed)
    def chosen(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(event.button.id)
