"""Choose one of a few things, each with a word and what it means."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult

from keybound.tui.canvas import ListCanvas
from keybound.tui.dialogs.base import Dialog
from keybound.tui.styled_text import Line, cut, fit, line


class Choices(ListCanvas):
    """One a row."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        super().__init__(id="choices")
        self._choices = choices
        self.styles.height = len(choices)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """The word, then what it means."""
        widest = max(map(len, self._choices)) + 2
        rows = (
            (name, line((f"  {fit(name, widest)}", "bold"), (says, "muted"))) for name, says in self._choices.items()
        )
        return [(name, [cut(row, width)]) for name, row in rows]


class Choose(Dialog[str]):
    """``choices``: what each means. The answer is the chosen word; None where it is left."""

    def __init__(self, title: str, choices: Mapping[str, str]) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        """The list."""
        with self.box(self._title, "⏎ choose · esc cancel"):
            yield Choices(self._choices)

    def on_mount(self) -> None:
        """Arrows walk it."""
        self.query_one(Choices).focus()

    @on(Choices.Chosen)
    def chosen(self) -> None:
        """The answer."""
        self.dismiss(self.query_one(Choices).cursor)
