"""Deliver what was raised: by one process at a time, grouped, and not too often.

An alert is marked once a channel has it. A kill before the mark repeats that one delivery; no kill loses one.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from keybound.custody.alerts.channels.base import Channel, ChannelError
from keybound.custody.alerts.routing import Ring, Routing
from keybound.custody.alerts.words import channel_words
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.domain.errors import KeyboundError, UnavailableError
from keybound.stores.alert_table import Alert, AlertTable, ChannelRecord
from keybound.stores.lock import exclusive

FIRST_GAP, LONGEST_GAP = 10.0, 300.0  # seconds between two deliveries of a channel that groups
_FIRST_RETRY, _LAST_RETRY = 30.0, 3600.0  # seconds after a failure
_GIVEN_UP = 30 * 86_400.0  # seconds after which nobody tries any more


class Delivery(NamedTuple):
    """What came of it. ``faults``: a line for each channel that began to fail; ``seconds``: until something may be tried again.

    None: nothing waits.
    """

    faults: tuple[str, ...] = ()
    seconds: float | None = None


def deliver(context: Context, ring: Ring | None = None) -> Delivery:
    """Deliver what waits, unless another process does it now. Never raises: alerts stop nothing.

    ``ring``: how this process rings a bell, where it has one.
    """
    try:
        return _delivered(context, ring)
    except KeyboundError as fault:
        return Delivery((str(fault),), LONGEST_GAP)


def _delivered(context: Context, ring: Ring | None) -> Delivery:
    table = AlertTable(context.state)
    faults: list[str] = []
    seen: set[int] = set()
    while True:
        waiting = table.undelivered()
        if not {one.id for one in waiting} - seen:  # what comes while this one has the turn is its own to deliver
            return Delivery(tuple(faults), _wait(context, waiting, ring))
        with _turn(context) as mine:
            if not mine:
                return Delivery(tuple(faults), None)
            waiting = table.undelivered()
            seen |= {one.id for one in waiting}
            faults += _round(context, table, waiting, Routing(context, read_config(context.home).alerts, ring))


@contextmanager
def _turn(context: Context) -> Iterator[bool]:
    """The turn to deliver, which ends with the process; False where another has it."""
    try:
        with exclusive(os.path.join(context.home.state, "alerts.lock"), 0):
            yield True
    except UnavailableError:
        yield False


def _round(context: Context, table: AlertTable, waiting: Sequence[Alert], routing: Routing) -> list[str]:
    now = context.clock().timestamp()
    records, sent = table.records(), table.sent()
    faults = []
    for name, (channel, alerts) in _by_channel(waiting, routing, sent).items():
        record = records.get(name, ChannelRecord())
        if channel is None or _due_in(record, now) > 0:
            continue
        if fault := _send(table, channel, alerts, record, now):
            faults.append(fault)
    _close(table, waiting, routing, now)
    return faults


def _by_channel(
    waiting: Sequence[Alert], routing: Routing, sent: set[tuple[int, str]]
) -> dict[str, tuple[Channel | None, list[Alert]]]:
    found: dict[str, tuple[Channel | None, list[Alert]]] = {}
    for alert in waiting:
        for name, channel in routing.wanting(alert).items():
            if (alert.id, name) not in sent:
                found.setdefault(name, (channel, []))[1].append(alert)
    return found


def _send(table: AlertTable, channel: Channel, alerts: Sequence[Alert], record: ChannelRecord, now: float) -> str:
    """Have the channel deliver these; what it began to fail with, "" for nothing new."""
    for batch in [alerts] if channel.grouped else [[one] for one in alerts]:
        try:
            channel.send(batch)
        except ChannelError as fault:
            failures = record.failures + 1
            gap = min(_FIRST_RETRY * 2 ** min(failures - 1, 10), _LAST_RETRY)
            table.put_record(channel.name, ChannelRecord(now, gap, failures, fault.what))
            return "" if record.fault == fault.what else f"alerts to {channel_words(channel.name)}: {fault.what}"
        record = ChannelRecord(now, _next_gap(record, now) if channel.grouped else 0.0)
        table.mark_sent(channel.name, [one.id for one in batch], record)
    return ""


def _next_gap(record: ChannelRecord, now: float) -> float:
    """Twice as long while it goes on without a pause."""
    busy = record.failures == 0 and 0 <= now - record.last < 2 * record.gap
    return min(record.gap * 2, LONGEST_GAP) if busy else FIRST_GAP


def _due_in(record: ChannelRecord, now: float) -> float:
    """Seconds until a channel may be used again; a clock that was set back holds nothing up."""
    return record.last + record.gap - now if record.last <= now else 0.0


def _close(table: AlertTable, waiting: Sequence[Alert], routing: Routing, now: float) -> None:
    sent = table.sent()
    done = [one for one in waiting if all((one.id, name) in sent for name in routing.wanting(one))]
    old = [one for one in waiting if now - _moment(one) > _GIVEN_UP]
    table.mark_delivered({one.id for one in [*done, *old]})


def _moment(alert: Alert) -> float:
    from datetime import datetime

    return datetime.fromisoformat(alert.at).timestamp()


def _wait(context: Context, waiting: Sequence[Alert], ring: Ring | None) -> float | None:
    """Seconds until a channel that this process has may be tried again."""
    if not waiting:
        return None
    table, now = AlertTable(context.state), context.clock().timestamp()
    records = table.records()
    routing = Routing(context, read_config(context.home).alerts, ring)
    found = _by_channel(waiting, routing, table.sent())
    due = [_due_in(records.get(name, ChannelRecord()), now) for name, (channel, _) in found.items() if channel]
    return max(min(due), 0.1) if due else None
