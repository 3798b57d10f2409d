"""A key and what it does, as footer, help and palette tell of it."""

from typing import NamedTuple

from keybound.tui.styled_text import cells


class Hint(NamedTuple):
    """A key and what it does. ``rank``: the larger, the sooner it goes where there is no room. ``key``: for a click."""

    shown: str
    word: str
    rank: int = 5
    key: str = ""

    @property
    def width(self) -> int:
        """Cells it takes, with the blanks before the next."""
        return cells(self.shown) + cells(self.word) + 3


HELP = Hint("?", "help", 0, "question_mark")
PALETTE = Hint("^p", "palette", 1, "ctrl+p")
TYPING_HELP = "f1"  # where ? is typed
