"""What is asked about a profile: its name, its parent."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Label

from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, line


class Asked(NamedTuple):
    """One field: its label, what stands in it, what is said while it is empty, and what is wrong with an answer, or ""."""

    label: str
    value: str
    placeholder: str
    fault: Callable[[str], str]


class ProfileForm(Dialog[tuple[str, ...]]):
    """Closes with an answer for each field; ``consequences`` stand above them."""

    def __init__(self, title: str, verb: str, consequences: Sequence[Line | str], asked: Sequence[Asked]) -> None:
        super().__init__()
        self._title, self._verb, self._lines, self._asked = title, verb, consequences, asked

    def compose(self) -> ComposeResult:
        """Consequences, fields, what is wrong."""
        with self.box(self._title, f"⏎ {self._verb.lower()} · esc cancel"):
            yield Text([(), *self._lines, ()], most=12, id="why")
            for at, each in enumerate(self._asked):
                with Horizontal(classes="row"):
                    yield Label(Content(each.label), classes="label")
                    yield Input(each.value, id=f"field-{at}", placeholder=each.placeholder)
            yield Text([""], id="said")
            with Horizontal(classes="buttons"):
                yield Button(Content(self._verb), id="yes")
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """The first field first."""
        self.query_one("#field-0").focus()

    @on(Input.Changed)
    def check(self) -> None:
        """Say what is wrong as it is typed."""
        said = next((fault for _, fault in self._faults() if fault), "")
        self.query_one("#said", Text).put([line((said, "state-warning"))])

    def _faults(self) -> list[tuple[Input, str]]:
        boxes = [self.query_one(f"#field-{at}", Input) for at in range(len(self._asked))]
        return [(box, each.fault(box.value.strip())) for box, each in zip(boxes, self._asked, strict=True)]

    @on(Input.Submitted)
    @on(Button.Pressed, "#yes")
    def answer(self) -> None:
        """Close with what was typed, or go to what is wrong."""
        faults = self._faults()
        wrong = next((box for box, fault in faults if fault), None)
        if wrong is not None:
            self.check()
            wrong.focus()
        else:
            self.dismiss(tuple(box.value.strip() for box, _ in faults))

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Nothing is done."""
        self.dismiss(None)
