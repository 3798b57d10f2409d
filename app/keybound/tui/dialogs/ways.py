"""A question with a button for each way out of it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line


class Ways(Scrolling[str]):
    """The answer is a name of ``WAYS``, which has the words of each button; the first loses nothing, and has the focus."""

    WAYS: ClassVar[Mapping[str, str]] = {}
    KEYS: ClassVar[str] = ""
    MOST: ClassVar[int] = 14  # rows of the text

    def question(self) -> str:
        """What is asked. Override this."""
        raise NotImplementedError

    def said(self) -> Sequence[Line | str]:
        """What has to be known for an answer. Override this."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The text, then the ways."""
        with self.box(self.question(), self.KEYS):
            yield Text(self.said(), most=self.MOST)
            with Horizontal(classes="buttons"):
                for name, words in self.WAYS.items():
                    yield Button(Content(words), id=name)

    def on_mount(self) -> None:
        """The way that loses nothing."""
        self.query_one(f"#{next(iter(self.WAYS))}").focus()

    @on(Button.Pressed)
    def chosen(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(event.button.id)
