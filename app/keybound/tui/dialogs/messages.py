"""Messages: what was said in passing, newest first."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.app_protocol import Said
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, line
from keybound.tui.words import moment

_STYLES = {"warning": "state-warning", "error": "state-expired"}


class Messages(Scrolling[None]):
    """Every message of this session, whole, with its time."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,M", "cancel", show=False)]

    def __init__(self, said: Iterable[Said]) -> None:
        super().__init__()
        self._said = list(said)

    def compose(self) -> ComposeResult:
        """One block a message."""
        now = self.host.now()
        blocks = [each for said in reversed(self._said) for each in _block(said, now)]
        with self.box("Messages", "↑↓ scroll · esc back"):
            yield Text(blocks or [line(("No messages yet.", "muted"))], most=30)


def _block(said: Said, now: float) -> list[Line]:
    style = _STYLES.get(said.severity, "")
    return [
        line((moment(said.at, now), "muted")),
        *(line((f"  {text}", style if at == 0 else "")) for at, text in enumerate(said.lines)),
    ]
