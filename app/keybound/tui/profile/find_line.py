"""The line that a word to find is typed in."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FindLine(Input):
    """Enter goes to the text; up and down go on to other places meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "turn(False)", show=False),
        Binding("down", "turn(True)", show=False),
    ]

    class Turned(Message):
        """Another place is asked for, forward or backward."""

        def __init__(self, forward: bool) -> None:
            super().__init__()
            self.forward = forward

    def __init__(self) -> None:
        super().__init__(placeholder="find", id="find", classes="-hidden")

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.has_class("-hidden")

    def open(self) -> None:
        """Show it and type in it."""
        self.remove_class("-hidden")
        self.focus()

    def close(self) -> None:
        """Find nothing any more."""
        self.value = ""
        self.add_class("-hidden")

    def action_turn(self, forward: bool) -> None:
        """Ask for another place."""
        self.post_message(self.Turned(forward))
