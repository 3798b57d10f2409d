"""Try every channel: what it says of an alert that is none."""

from keybound.custody.alerts.channels.base import ChannelError
from keybound.custody.alerts.routing import Ring, Routing
from keybound.custody.alerts.words import channel_words
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.domain.values.moments import stamp
from keybound.stores.alert_table import Alert, AlertTable, ChannelRecord


def try_channels(context: Context, ring: Ring | None) -> list[tuple[str, str]]:
    """Each channel, and what went wrong, "" for nothing. One that works is tried again at once with what waits for it.

    Raises BadInputError where config.toml is broken, UnavailableError.
    """
    test = Alert(
        0, stamp(context.clock()), "test", "keybound", "if you can read this, alerts arrive", False, True, True
    )
    table, told = AlertTable(context.state), list[tuple[str, str]]()
    for name, channel in Routing(context, read_config(context.home).alerts, ring).all().items():
        shown = channel_words(name)
        if channel is None:
            told.append((shown, "there is no terminal here"))
            continue
        try:
            channel.send([test])
            told.append((shown, ""))
        except ChannelError as fault:
            told.append((shown, fault.what))
        else:
            if table.records().get(name, ChannelRecord()).failures:
                table.put_record(name, ChannelRecord())
    return told
