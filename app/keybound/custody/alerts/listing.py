"""The alerts as their owner looks at them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from keybound.custody.alerts.words import alert_fields, alert_line, channel_words
from keybound.custody.context.context import Context
from keybound.domain.text.counts import plural
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores.alert_table import Alert, AlertTable
from keybound.stores.generation import touch


class Listed(NamedTuple):
    """An alert, and what it says."""

    alert: Alert

    @property
    def line(self) -> str:
        """What it says."""
        return alert_line(self.alert)

    @property
    def over(self) -> bool:
        """Whether it no longer holds; a moment neither holds nor is over."""
        return not self.alert.stands and self.alert.kind in _LASTING

    def fields(self) -> dict[str, object]:
        """For programs."""
        rest = {"stands": self.alert.stands, "delivered": self.alert.delivered, "seen": self.alert.seen}
        return {**alert_fields(self.alert), **rest}


_LASTING = frozenset(kind.value for kind in AlertKind if kind.lasts)


def listed(context: Context, limit: int) -> tuple[list[Listed], list[str]]:
    """The newest alerts, newest first, and a line for each channel that fails. Raises UnavailableError."""
    table = AlertTable(context.state)
    faults = [
        f"alerts to {channel_words(name)}: {record.fault} (tried {plural(record.failures, 'time')})"
        for name, record in table.records().items()
        if record.failures
    ]
    return [Listed(one) for one in table.newest(limit)], faults


def mark_seen(context: Context, found: Sequence[Listed]) -> int:
    """Their owner has seen these; how many were new. Raises UnavailableError."""
    new = [one.alert.id for one in found if not one.alert.seen]
    if new:
        AlertTable(context.state).mark_seen(new)
        touch(context.home.generation)
    return len(new)


def mark_told(context: Context, about: Collection[str]) -> None:
    """Their owner was just told, at a terminal, what the alerts about these say. Raises UnavailableError."""
    if context.unseen_alerts():
        mark_seen(context, [Listed(one) for one in AlertTable(context.state).unseen() if one.about in about])


def mark_all_seen(context: Context) -> int:
    """Their owner has seen all; how many were new. Raises UnavailableError."""
    return mark_seen(context, [Listed(one) for one in AlertTable(context.state).unseen()])
