"""Verify the chain: every link, every anchor."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple

from keybound.domain.errors import UnavailableError
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.chain import GENESIS
from keybound.stores.journal.journal import Anchor, Event, Journal, event_hash, parsed
from keybound.stores.regular_file import regular


class Report(NamedTuple):
    """What was found. ``after_anchor``: events after the last anchor, whose removal could not be proved."""

    ok: bool
    length: int
    after_anchor: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def verify(journal: Journal, folder: str, anchors: Sequence[Anchor]) -> Report:
    """Walk the whole chain and compare it with the anchors that envelopes keep. Raises UnavailableError."""
    faults: list[str] = []
    notes: list[str] = []
    heads = {0: GENESIS}
    last: Event | None = None
    for name in journal.files():
        for number, text in enumerate(_lines(folder, name), 1):
            event = parsed(text)
            faults += _link(f"{name}:{number}", event, last)
            if event is not None:
                notes += [f"event {event.seq}: {event.kind}"] if event.kind.startswith("journal-") else []
                heads[event.seq] = event.hash
                last = event
    faults += [
        f"event {anchor.length} in the journal is not the one that an envelope recorded"
        for anchor in sorted(set(anchors))
        if heads.get(anchor.length) != anchor.head
    ]
    length = last.seq if last else 0
    furthest = max((anchor.length for anchor in anchors), default=0)
    return Report(not faults, length, max(0, length - furthest), tuple(faults), tuple(notes))


def verify_newest(folder: str, name: str, most: int) -> list[str]:
    """The faults of the last ``most`` bytes of a file: each is whole and follows the one before. Raises UnavailableError."""
    with _readable(os.path.join(folder, name)) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - most))
        lines = file.read().decode("ascii", "replace").split("\n")[1 if size > most else 0 : -1]
    events = [parsed(text) for text in lines]
    faults = []
    for number, (before, event) in enumerate(zip([None, *events], events, strict=False)):
        first = number == 0 and event is not None
        last = event._replace(seq=event.seq - 1, hash=event.prev) if first and event is not None else before
        faults += _link(name, event, last)
    return faults


def _lines(folder: str, name: str) -> Iterator[str]:
    with _readable(os.path.join(folder, name)) as file:
        for line in file:
            yield line.decode("ascii", "replace")


@contextmanager
def _readable(path: str) -> Iterator[BinaryIO]:
    try:
        with open(path, "rb", opener=regular) as file:
            yield file
    except OSError as fault:
        raise UnavailableError(f"the journal cannot be read: {fault.strerror}", where=path) from None


def _link(place: str, event: Event | None, last: Event | None) -> list[str]:
    if event is None:
        return [f"{place}: this line is not an event"]
    if event_hash(event) != event.hash:
        return [f"{place}: event {event.seq} was changed"]
    expected = (last.seq + 1, last.hash) if last else (1, GENESIS)
    restarted = event.kind == EventKind.JOURNAL_RESTART
    if (event.seq, event.prev) != expected and not restarted:
        return [f"{place}: event {event.seq} does not follow the event before it"]
    return []
