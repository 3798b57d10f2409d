"""Leave the delivery of alerts to whoever watches; where nobody does, to a process of its own."""

from contextlib import suppress

from keybound.custody.context.context import Context
from keybound.custody.programs.detached import start_detached
from keybound.stores import watchers

DELIVER = "alerts-deliver"  # a word of the command line that is not for people


def hand_on(context: Context) -> None:
    """Have what was just raised delivered, without waiting for it."""
    state = context.home.state
    if context.delivers or watchers.is_watched(state) or watchers.is_watched(state, watchers.AGENT):
        return  # they hear of it by the change stamp
    with suppress(OSError):  # it is kept; whoever comes next delivers it
        start_detached(["-m", "keybound.cli", DELIVER], context.environ)
