"""Messages: what was said in passing, newest first."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.app_protocol import Said
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, line
from keybound.tui.words import moment

_STYLES = {"warning": "state-warning", "error": "state-expired"}


class Messages(Dialog[None]):
    """Every message of this session, whole, with its time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q,M", "cancel", show=False),
        Binding("up", "scroll_text(-1)", show=False),
        Binding("down", "scroll_text(1)", show=False),
        Binding("pageup", "scroll_text(-10)", show=False),
        Binding("pagedown", "scroll_text(10)", show=False),
    ]

    def __init__(self, said: Iterable[Said]) -> None:
        super().__init__()
        self._said = list(said)

    def compose(self) -> ComposeResult:
        """One block a message."""
        now = self.host.now()
        blocks = [each for said in reversed(self._said) for each in _block(said, now)]
        with self.box("Messages", "↑↓ scroll · esc back"):
            yield Text(blocks or [line(("No messages yet.", "muted"))], most=30)

    def action_scroll_text(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Text).scroll_relative(y=rows, animate=False)


def _block(said: Said, now: float) -> list[Line]:
    style = _STYLES.get(said.severity, "")
    return [
        line((moment(said.at, now), "muted")),
        *(line((f"  {text}", style if at == 0 else "")) for at, text in enumerate(said.lines)),
    ]
