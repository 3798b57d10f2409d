"""A journal from elsewhere: it becomes the chain where there is none yet, else it is kept beside the chain, to be read."""

import os
from collections.abc import Mapping, Sequence

from keybound.stores.atomic import create_atomic, write_atomic
from keybound.stores.journal.chain import GENESIS
from keybound.stores.journal.journal import Event, Journal, event_hash, parsed
from keybound.stores.private_dir import make_private_dir

_ENDING = ".kept"  # no month's file: it is no part of the chain


def events_of(months: Mapping[str, bytes]) -> list[Event]:
    """The events in months' files, as far as they can be read."""
    lines = (line for _, data in sorted(months.items()) for line in data.decode("ascii", "replace").split("\n"))
    return [event for line in lines if (event := parsed(line)) is not None]


def is_whole(months: Mapping[str, bytes]) -> bool:
    """Whether every line is an event that follows the one before it."""
    events = events_of(months)
    if len(events) != sum(data.count(b"\n") for data in months.values()):
        return False
    seq, prev = 0, GENESIS
    for event in events:
        if (event.seq, event.prev) != (seq + 1, prev) or event_hash(event) != event.hash:
            return False
        seq, prev = event.seq, event.hash
    return bool(events)


def can_become_chain(journal: Journal, months: Mapping[str, bytes]) -> bool:
    """Whether nothing is here but, after a kill, the first months of it."""
    return all(months.get(name) == journal.text(name) for name in journal.files()) and is_whole(months)


def become_chain(folder: str, months: Mapping[str, bytes]) -> None:
    """Make it the chain, the oldest month first. Raises UnavailableError; the same call goes on after a kill."""
    make_private_dir(folder)
    for name, data in sorted(months.items()):
        write_atomic(os.path.join(folder, name), data)


def keep_beside(folder: str, months: Mapping[str, bytes], events: Sequence[Event]) -> str:
    """Keep it in one file that is no part of the chain; return its name. Again is harmless. Raises UnavailableError."""
    make_private_dir(folder)
    name = f"{events[-1].hash[:16]}{_ENDING}"
    create_atomic(os.path.join(folder, name), b"".join(data for _, data in sorted(months.items())))
    return name
