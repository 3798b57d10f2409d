"""The journal: append-only JSON Lines, one file a month, one hash chain running across them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from keybound.domain.errors import UnavailableError
from keybound.domain.text.compact_json import loads
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.chain import (
    GENESIS,
    event_line,
    fields_hash,
    file_at,
    month_files,
    read_floor_line,
    write_floor_line,
    write_lines,
)
from keybound.stores.lock import exclusive
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular

_TAIL = 65_536
Json = Mapping[str, object]


class Draft(NamedTuple):
    """An event before it has a place in the chain."""

    kind: str
    id: str
    by: Json
    detail: Json


class Event(NamedTuple):
    """An event. ``at`` is wall time, ISO 8601 in UTC; ``prev`` and ``hash`` are SHA-256 in hex."""

    seq: int
    at: str
    kind: str
    id: str
    by: Json
    detail: Json
    prev: str
    hash: str


class Anchor(NamedTuple):
    """The chain's length and head at one moment."""

    length: int
    head: str


class Journal:
    """The journal in one folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def append(self, drafts: Sequence[Draft], at: datetime) -> Anchor:
        """Append a batch with one write and one sync. Raises UnavailableError, and then nothing of it is kept."""
        make_private_dir(self._folder)
        with exclusive(os.path.join(self._folder, ".lock")):
            floor = self.latest_time()
            last, more = self._mended()
            moment = at.astimezone(UTC)
            at_text = moment.isoformat(timespec="milliseconds")
            placed = chained(last, [*more, *drafts], at_text)
            self._write(file_at(self._folder, at_text, self.files()), "".join(line for _, line in placed).encode())
            events = [event for event, _ in placed]
            write_floor(self._folder, events, floor)
        return Anchor(events[-1].seq, events[-1].hash)

    def mend(self, at: datetime) -> int:
        """Cut an unfinished last line off, and journal that; return how many bytes it had. Raises UnavailableError."""
        cut = self.unfinished()
        if cut:
            self.append([], at)
        return cut

    def unfinished(self) -> int:
        """How many bytes stand after the last whole line; a line that is being written now is waited for."""
        if not self.files() or not _unfinished_bytes(self._newest()):
            return 0
        with exclusive(os.path.join(self._folder, ".lock")):
            return _unfinished_bytes(self._newest())

    def _newest(self) -> str:
        return os.path.join(self._folder, self.files()[-1])

    def anchor(self) -> Anchor:
        """The chain as it stands; reads the tail only."""
        last = self.last()
        return Anchor(last.seq, last.hash) if last else Anchor(0, GENESIS)

    def last(self) -> Event | None:
        """The newest whole event."""
        for name in reversed(self.files()):
            for text in reversed(_tail(os.path.join(self._folder, name))):
                if event := parsed(text):
                    return event
        return None

    def events(self, since: datetime | None = None) -> Iterator[Event]:
        """Every event that can be read, oldest first."""
        for name in self.files():
            if since is not None and name < f"{since.astimezone(UTC):%Y-%m}.jsonl":
                continue
            for text in self._lines(name):
                event = parsed(text)
                if event and (since is None or datetime.fromisoformat(event.at) >= since):
                    yield event

    def newest(self, limit: int, token: str | None = None) -> list[Event]:
        """The newest events, newest first; of one token where it is given."""
        found: list[Event] = []
        for name in reversed(self.files()):
            for text in reversed(self._lines(name)):
                event = parsed(text)
                if event and token in (None, event.id):
                    found.append(event)
                    if len(found) == limit:
                        return found
        return found

    def latest_time(self) -> datetime | None:
        """The greatest time since the clock was last accepted: the floor below which no clock counts.

        Kept beside the chain after each append; computed anew where that does not belong to the newest event.
        """
        last = self.last()
        if last is None:
            return None
        kept = read_floor(self._folder)
        return kept[1] if kept and kept[0] == last.hash else self._scanned_floor()

    def raise_floor(self, at: datetime) -> None:
        """Make ``at`` the latest time, though nothing happened. Kept with the next event; what cannot be kept is no failure."""
        with suppress(UnavailableError), exclusive(os.path.join(self._folder, ".lock")):
            last, floor = self.last(), self.latest_time()
            if last is not None and floor is not None and at > floor:
                write_floor_line(self._folder, last.hash, at.astimezone(UTC).isoformat())

    def _scanned_floor(self) -> datetime | None:
        """From the newest file alone: a clock that ran ahead has begun a later file, and the chain goes on there."""
        greatest: datetime | None = None
        for text in reversed(self._lines(self.files()[-1])):
            if event := parsed(text):
                moment = datetime.fromisoformat(event.at)
                greatest = moment if greatest is None else max(greatest, moment)
                if event.kind == EventKind.ACCEPT_CLOCK:
                    break
        return greatest

    def files(self) -> list[str]:
        """The names of the months' files, oldest first."""
        try:
            return month_files(self._folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as fault:
            raise UnavailableError(f"the journal cannot be read: {fault.strerror}", where=self._folder) from None

    def text(self, name: str) -> bytes:
        """All that stands in a month's file. Raises UnavailableError."""
        try:
            with open(os.path.join(self._folder, name), "rb") as file:
                return file.read()
        except OSError as fault:
            raise UnavailableError(f"the journal cannot be read: {fault.strerror}", where=self._folder) from None

    def _lines(self, name: str) -> list[str]:
        try:
            with open(os.path.join(self._folder, name), encoding="ascii", errors="replace", opener=regular) as file:
                return file.read().split("\n")
        except OSError as fault:
            raise UnavailableError(f"the journal cannot be read: {fault.strerror}", where=self._folder) from None

    def _mended(self) -> tuple[Event | None, list[Draft]]:
        """The last event, after an unfinished line was cut off or a broken file was kept aside."""
        names = self.files()
        if not names:
            return None, []
        try:
            return self._mended_file(os.path.join(self._folder, names[-1]))
        except OSError as fault:
            raise _unwritable(os.path.join(self._folder, names[-1]), fault) from None

    def _mended_file(self, path: str) -> tuple[Event | None, list[Draft]]:
        cut = _cut_unfinished(path)
        tail = [text for text in _tail(path) if text]
        drafts = [Draft(EventKind.JOURNAL_CUT, "", {}, {"bytes": cut})] if cut else []
        if tail and parsed(tail[-1]) is None:
            last = self.last()
            aside = _set_aside(path)
            head = last.hash if last else GENESIS
            return last, [
                *drafts,
                Draft(EventKind.JOURNAL_RESTART, "", {}, {"kept": os.path.basename(aside), "head": head}),
            ]
        return self.last(), drafts

    def _write(self, path: str, data: bytes) -> None:
        try:
            write_lines(path, data)
        except OSError as fault:
            raise _unwritable(path, fault) from None


def _unwritable(path: str, fault: OSError) -> UnavailableError:
    return UnavailableError(f"the journal cannot be written: {fault.strerror}", where=path, hint="Nothing is released.")


def parsed(text: str) -> Event | None:
    """The event on a line, or None where it is not one."""
    try:
        event = Event(**loads(text))
        whole = datetime.fromisoformat(event.at).tzinfo is not None
    except (ValueError, TypeError, RecursionError):
        return None
    return event if whole and _is_sound(event) else None


def _is_sound(event: Event) -> bool:
    """Whether each field is what it has to be."""
    texts = (event.kind, event.id, event.prev, event.hash)
    tables = (event.by, event.detail)
    return (
        type(event.seq) is int
        and all(isinstance(one, str) for one in texts)
        and all(isinstance(one, dict) for one in tables)
    )


def _tail(path: str) -> list[str]:
    try:
        with open(path, "rb", opener=regular) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            data = file.read()
    except OSError as fault:
        raise UnavailableError(f"the journal cannot be read: {fault.strerror}", where=path) from None
    lines = data.decode("ascii", "replace").split("\n")
    return lines[1:] if size > _TAIL else lines


def _unfinished_bytes(path: str) -> int:
    return len(_tail(path)[-1])


def _cut_unfinished(path: str) -> int:
    with open(path, "rb+", opener=regular) as file:
        if not file.seek(0, os.SEEK_END) or file.seek(-1, os.SEEK_END) < 0 or file.read() == b"\n":
            return 0
        file.seek(0)
        data = file.read()
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            file.truncate(whole)
            os.fsync(file.fileno())
    return len(data) - whole


def _set_aside(path: str) -> str:
    number = 1
    while os.path.exists(f"{path}.broken-{number}"):
        number += 1
    os.rename(path, f"{path}.broken-{number}")
    return f"{path}.broken-{number}"


def chained(last: Event | None, drafts: Sequence[Draft], at: str) -> list[tuple[Event, str]]:
    """Give each draft its place after ``last``; each with its line."""
    seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
    events = []
    for draft in drafts:
        seq += 1
        line, hash_ = event_line(seq, at, draft.kind, draft.id, draft.by, draft.detail, prev)
        events.append((Event(seq, at, draft.kind, draft.id, draft.by, draft.detail, prev, hash_), line))
        prev = hash_
    return events


def event_hash(event: Event) -> str:
    """The hash that an event must have."""
    return fields_hash({name: value for name, value in event._asdict().items() if name != "hash"})


def read_floor(folder: str) -> tuple[str, datetime] | None:
    """The kept floor and the hash of the event that it belongs to."""
    head, text = read_floor_line(folder)
    try:
        return head, datetime.fromisoformat(text)
    except ValueError:
        return None


def write_floor(folder: str, events: Sequence[Event], floor: datetime | None) -> None:
    """Keep the floor after a batch."""
    for event in events:
        moment = datetime.fromisoformat(event.at)
        floor = moment if floor is None or event.kind == EventKind.ACCEPT_CLOCK else max(floor, moment)
    write_floor_line(folder, events[-1].hash, floor.isoformat() if floor else "")
