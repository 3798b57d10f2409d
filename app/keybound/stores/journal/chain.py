"""The journal's chain at its end: one event as a line, one write and one sync."""

import os

from keybound.domain.text.compact_json import dumps
from keybound.domain.text.digests import sha256
from keybound.stores.regular_file import regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, object]

GENESIS = "0" * 64
FLOOR, ENDING = "floor", ".jsonl"


def event_line(seq: int, at: str, kind: str, id_: str, by: "Json", detail: "Json", prev: str) -> tuple[str, str]:
    """The line of an event and its hash. ``at`` is ISO 8601 in UTC."""
    fields = {"seq": seq, "at": at, "kind": kind, "id": id_, "by": dict(by), "detail": dict(detail), "prev": prev}
    hash_ = fields_hash(fields)
    return dumps({**fields, "hash": hash_}) + "\n", hash_


def fields_hash(fields: "Json") -> str:
    """SHA-256 over the canonical JSON of everything but the hash; ``prev`` is part of it."""
    return str(sha256(dumps(fields, sort=True).encode()).hexdigest())


def month_files(folder: str) -> list[str]:
    """The names of the months' files, oldest first. Raises OSError."""
    return sorted(name for name in os.listdir(folder) if name.endswith(ENDING))


def file_at(folder: str, at: str, names: list[str]) -> str:
    """The file for an event at this time, or a later one that a clock ahead has begun: the chain only goes forward."""
    return os.path.join(folder, max([f"{at[:7]}{ENDING}", *names[-1:]]))


def write_lines(path: str, data: bytes) -> None:
    """Append with one write and one sync. Raises OSError, and then nothing of it is kept."""
    descriptor = regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW)
    try:
        before = os.fstat(descriptor).st_size
        try:
            if os.write(descriptor, data) != len(data):
                raise OSError(28, "no space left")
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def read_floor_line(folder: str) -> tuple[str, str]:
    """The kept floor: the hash of the event that it belongs to, and the time; "" for both where there is none."""
    try:
        with open(os.path.join(folder, FLOOR), encoding="ascii", opener=regular) as file:
            head, _, text = file.read().strip().partition(" ")
            return head, text
    except (OSError, ValueError):
        return "", ""


def _privately(path: str, flags: int) -> int:
    descriptor = regular(path, flags)
    os.fchmod(descriptor, 0o600)  # one from before may be wider
    return descriptor


def write_floor_line(folder: str, head: str, time: str) -> None:
    """Keep the floor after a batch. It can be computed again, so it is not synced and a failure is no failure."""
    try:
        with open(os.path.join(folder, FLOOR), "w", encoding="ascii", opener=_privately) as file:
            file.write(f"{head} {time}\n")
    except OSError:
        pass
