"""Unsaved text of an earlier start is offered again."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.plans import SavedDraft
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import line
from keybound.tui.words import moment


class UnsavedText(Dialog[str]):
    """Answers "open" or "drop"; esc leaves it for the next start."""

    def __init__(self, draft: SavedDraft) -> None:
        super().__init__()
        self._draft = draft

    def compose(self) -> ComposeResult:
        """What there is, and since when."""
        draft = self._draft
        when = moment(draft.at, self.host.now())
        said = line((f"{draft.profile}.toml", "bold"), " has unsaved edits from ", (when, "bold"), ".")
        with self.box("Unsaved text", "⏎ choose · esc later"):
            yield Text(["", said, "Nothing is written until you save it.", ""])
            with Horizontal(classes="buttons"):
                yield Button(Content("Open it"), id="open")
                yield Button(Content("Discard it"), id="drop")

    def on_mount(self) -> None:
        """Opening it loses nothing."""
        self.query_one("#open").focus()

    @on(Button.Pressed)
    def chosen(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(event.button.id)
