"""Compare: what is saved and what is edited, what was approved and what is now."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, line


class Compare(Scrolling[None]):
    """``edited`` and ``approved`` are lines made elsewhere; an empty one says that nothing differs."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,ctrl+d", "cancel", show=False)]

    def __init__(self, name: str, edited: Sequence[Line], approved: Sequence[Line]) -> None:
        super().__init__()
        self._name, self._edited, self._approved = name, edited, approved

    def compose(self) -> ComposeResult:
        """Two blocks on one page."""
        made: list[Line] = [
            line(("Saved and edited", "bold")),
            *(self._edited or [line(("  the text is as saved", "muted"))]),
            (),
            line(("Approved, and now", "bold")),
            *(self._approved or [line(("  everything is as approved", "muted"))]),
        ]
        with self.box(f"Compare {self._name}.toml", "↑↓ scroll · esc back"):
            yield Text(made, most=30)
