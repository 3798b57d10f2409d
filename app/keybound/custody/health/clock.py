"""Whether the clock goes on from what was recorded: a lifetime is judged by the later of the two."""

import os
from datetime import timedelta

from keybound.custody.context.context import AHEAD, Context
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.domain.values.durations import words
from keybound.stores.journal.journal import Journal

_JITTER = timedelta(minutes=2)


def clock(context: Context) -> list[Finding]:
    """Compared with the latest time in the journal since the clock was last accepted."""
    now, floor = context.clock(), Journal(os.path.join(context.home.state, "journal")).latest_time()
    if floor is None or floor - now <= _JITTER:
        return [ok("it goes on from the last recorded time")]
    behind = f"it is {words((floor - now).total_seconds())} behind the last recorded time ({floor:%Y-%m-%d %H:%M} UTC)"
    if floor - now > AHEAD:
        return [
            fail(
                f"{behind}, so tokens that expire are suspended",
                "Set the clock; if it is right now, run: keybound approve --accept-clock",
            )
        ]
    return [warn(behind, "Set the clock: until it has caught up, lifetimes are counted from that time.")]
