"""The journal's chain at its end: one event as a line, the last whole line, one write and one sync.

No more is imported than the release path has anyway.
"""

import os

from keybound.domain.digests import sha256
from keybound.domain.quick_json import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, object]

GENESIS = "0" * 64
LOCK, FLOOR, ENDING = ".lock", "floor", ".jsonl"
_TAIL = 65_536


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


def last_place(path: str) -> tuple[int, str]:
    """The last event's number and hash. Raises ValueError where the file does not end in a whole event, OSError."""
    with open(path, "rb", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        data = file.read()
    if not data.endswith(b"\n"):
        raise ValueError("an unfinished line")
    event = loads(data[data.rfind(b"\n", 0, -1) + 1 : -1].decode("ascii"))
    return int(event["seq"]), str(event["hash"])


def write_lines(path: str, data: bytes) -> None:
    """Append with one write and one sync. Raises OSError, and then nothing of it is kept."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
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
        with open(os.path.join(folder, FLOOR), encoding="ascii") as file:
            head, _, text = file.read().strip().partition(" ")
            return head, text
    except (OSError, ValueError):
        return "", ""


def _privately(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)  # one from before may be wider
    return descriptor


def write_floor_line(folder: str, head: str, time: str) -> None:
    """Keep the floor after a batch. It can be computed again, so it is not synced and a failure is no failure."""
    try:
        with open(os.path.join(folder, FLOOR), "w", encoding="ascii", opener=_privately) as file:
            file.write(f"{head} {time}\n")
    except OSError:
        pass
