"""Raise an alert: kept in the same breath as what was found, once for one thing."""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import NamedTuple

from keybound.custody.alerts.handing_on import hand_on
from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError, UnavailableError
from keybound.domain.profile.alert_rules import AlertRule, wanted
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.moments import stamp
from keybound.stores.alert_table import AlertTable, NewAlert
from keybound.stores.generation import touch


class Raised(NamedTuple):
    """Something that was found. ``about``: a token's or a profile's id, or a file; ``message``: a line without a secret."""

    kind: AlertKind
    about: str
    message: str


def raise_alert(context: Context, kind: AlertKind, about: str, message: str) -> None:
    """Keep an alert for its owner, unless the same stands already. Raises UnavailableError where the state cannot be written.

    ``about``: a token's or a profile's id, or a file; ``message``: what was found, in a line without a secret.
    """
    raise_alerts(context, [Raised(kind, about, message)])


def alert_over(context: Context, kind: AlertKind, about: str) -> None:
    """What was alerted no longer holds: should it come again, it is raised again. Raises UnavailableError."""
    table = AlertTable(context.state)
    if (about, kind.value) in table.standing([about]):
        table.end([(about, kind.value)])


def raise_alerts(context: Context, found: Sequence[Raised], calm: Collection[tuple[str, AlertKind]] = ()) -> bool:
    """Keep several, and end what no longer holds (``calm``); whether any is new. Writes nothing where all stands as it is."""
    table = AlertTable(context.state)
    standing = table.standing({*(one.about for one in found), *(about for about, _ in calm)})
    new = [one for one in found if standing.get((one.about, one.kind.value)) != one.message]
    over = [(about, kind.value) for about, kind in calm if (about, kind.value) in standing]
    over += [(one.about, one.kind.value) for one in new if (one.about, one.kind.value) in standing]
    if over:
        table.end(over)
    if new:
        _put(context, table, new)
    return bool(new)


def _put(context: Context, table: AlertTable, new: Sequence[Raised]) -> None:
    at, rules = stamp(context.clock()), _rules(context)
    kept = [
        NewAlert(
            at, one.kind.value, one.about, one.message, one.kind.lasts, not wanted(rules, one.kind.value, one.about)
        )
        for one in new
    ]
    table.put(kept)
    with suppress(UnavailableError):  # it is kept; whoever looks next finds it
        touch(context.home.generation)
    if not all(one.delivered for one in kept):
        hand_on(context)


def _rules(context: Context) -> tuple[AlertRule, ...]:
    if not os.path.lexists(context.home.settings):
        return ()
    from keybound.custody.context.config import read_config

    try:
        return read_config(context.home).alerts
    except BadInputError:
        return (AlertRule(frozenset(), frozenset(), ()),)  # somebody may want it: whoever delivers will know
