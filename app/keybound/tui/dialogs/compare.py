"""Compare: what is saved and what is edited, what was approved and what is now."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, line


class Compare(Dialog[None]):
    """``edited`` and ``approved`` are lines made elsewhere; an empty one says that nothing differs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q,ctrl+d", "cancel", show=False),
        Binding("up", "scroll_text(-1)", show=False),
        Binding("down", "scroll_text(1)", show=False),
        Binding("pageup", "scroll_text(-10)", show=False),
        Binding("pagedown", "scroll_text(10)", show=False),
    ]

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

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Text).scroll_relative(y=rows, animate=False)
