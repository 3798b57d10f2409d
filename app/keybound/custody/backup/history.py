"""What this machine's journal tells of tokens since a backup was made: one that ended here stays ended."""

import os
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.journal import Event, Journal

_ALIVE = frozenset(
    {EventKind.ADDED, EventKind.APPROVED, EventKind.REFRESHED, EventKind.ADOPTED, EventKind.MOVED, EventKind.GRACE_OVER}
)
_ENDED = frozenset({EventKind.EXPIRED, EventKind.REMOVED})


class History(NamedTuple):
    """``ended``: the event that ended each token which nothing has revived since; ``has_chain``: the backup's journal is
    a part of this one; ``kept``: the heads of journals that are kept beside it.
    """

    ended: dict[str, Event]
    has_chain: bool
    kept: frozenset[str]


def history_since(context: Context, head: str) -> History:
    """Read the journal; what stands before the event with the hash ``head``, the backup's last one, the backup knows.

    Raises UnavailableError.
    """
    ended: dict[str, Event] = {}
    kept: set[str] = set()
    has_chain = False
    for event in journal_of(context).events():
        if event.kind in _ENDED:
            ended[event.id] = event
        elif event.kind in _ALIVE:
            ended.pop(event.id, None)
        elif event.kind == EventKind.JOURNAL_KEPT:
            kept.add(str(event.detail.get("head")))
        if event.hash == head:
            has_chain = True
            ended.clear()
    return History(ended, has_chain, frozenset(kept))


def journal_of(context: Context) -> Journal:
    """The journal, to be read: its folder is not made where there is none."""
    return Journal(os.path.join(context.home.state, "journal"))
