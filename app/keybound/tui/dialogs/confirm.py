"""Yes or no, with the consequence stated."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.tokens import TokenView
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, Piece, hue, line, mark


def token_line(token: TokenView | None, name: str) -> Line:
    """A token that a question is about: its state, its name, the variables that it is exported as."""
    if token is None:
        return line(f"  {name}")
    words = line((f" {name}  ", "bold"), (token.state.word, hue(token.state)), (f"  {' '.join(token.env)}", "muted"))
    return (Piece("  "), mark(token.state), *words)


class Confirm(Scrolling[bool]):
    """``consequences`` are shown before the answer; the button with the verb says yes."""

    ANSWER: ClassVar[str] = "yes"  # it was asked for on purpose: the verb is one key away

    def __init__(self, title: str, consequences: Sequence[Line | str], verb: str) -> None:
        super().__init__()
        self._title, self._lines, self._verb = title, list(consequences), verb

    def compose(self) -> ComposeResult:
        """Consequences, then the two buttons."""
        with self.box(self._title, "tab other · ⏎ choose · esc cancel"):
            yield Text(["", *self._lines, ""], most=16)
            with Horizontal(classes="buttons"):
                yield Button(Content(self._verb), id="yes")
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """The answer that Enter gives."""
        self.query_one(f"#{self.ANSWER}").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The answer."""
        self.dismiss(event.button.id == "yes")


class Warned(Confirm):
    """A question whose safe answer is no: the verb takes a step more."""

    ANSWER = "no"
