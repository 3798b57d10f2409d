"""Whether alerts reach their owner."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from keybound.custody.alerts.commands import commands
from keybound.custody.alerts.listing import listed
from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.health.state import is_usable
from keybound.domain.errors import BadInputError
from keybound.domain.text.counts import plural
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores.alert_table import Alert, AlertTable
from keybound.stores.watchers import AGENT, is_watched

_LATE = timedelta(hours=1)


def alerts(context: Context) -> list[Finding]:
    """Commands that may not run, channels that fail, alerts that nobody delivers, plain tokens that were left."""
    return [*_commands(context), *_kept(context)] or [ok("nothing keeps them from you")]


def _commands(context: Context) -> Iterator[Finding]:
    try:
        found = [one for one in commands(context) if one.fault]
    except BadInputError:
        return  # the check of config.toml says so
    for one in found:
        yield warn(f"the alert command {one.command.argv[0]} does not run: {one.fault}", "Run: keybound alerts approve")


def _kept(context: Context) -> Iterator[Finding]:
    if not is_usable(context):
        return
    _, faults = listed(context, 1)
    for fault in faults:
        yield warn(fault, "Try it: keybound alerts test")
    table = AlertTable(context.state)
    late = [one for one in table.undelivered() if context.clock() - datetime.fromisoformat(one.at) > _LATE]
    watched = is_watched(context.home.state) or is_watched(context.home.state, AGENT)
    if late and not faults and not watched:
        yield warn(f"{plural(len(late), 'alert')} could not be delivered: nobody watches", "Run: keybound watch")
    yield from map(_plain, _left_plain(table))


def _left_plain(table: AlertTable) -> list[Alert]:
    return [one for one in table.newest(1000) if one.kind == AlertKind.FOUND_PLAIN.value and one.stands]


def _plain(alert: Alert) -> Finding:
    return warn(f"{alert.about} has tokens in clear", f"Take them in: keybound import --replace {alert.about}")
