"""Alerts: what was found and when, newest first; what was not seen before is marked."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models.overview import AlertView
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, Piece, hue, line, mark
from keybound.tui.words import moment

MOST = 200


class Alerts(Scrolling[None]):
    """The newest alerts, whole."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,N", "cancel", show=False)]

    def __init__(self, alerts: Iterable[AlertView]) -> None:
        super().__init__()
        self._alerts = list(alerts)

    def compose(self) -> ComposeResult:
        """A line for when, and one for what."""
        now = self.host.now()
        blocks = [each for alert in self._alerts for each in _block(alert, now)]
        with self.box("Alerts", "↑↓ scroll · esc back"):
            yield Text(blocks or [line(("No alerts.", "muted"))], most=30)


def _block(alert: AlertView, now: float) -> Sequence[Line]:
    over = "  over" if alert.over else ""
    new = "" if alert.seen else "  new"
    when = line((moment(alert.at, now) + over, "muted"), (new, "bold state-warning"))
    glyph = mark(alert.state) if alert.state is not None and not alert.over else Piece("·", "muted")
    style = "muted" if alert.over or alert.state is None else hue(alert.state)
    return [when, (Piece("  "), glyph, *line((f" {alert.line}", style if not alert.seen else "muted")))]
