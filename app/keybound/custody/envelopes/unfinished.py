"""Records of changes that were begun: the one that is being made, and those that wait to be completed or undone."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from keybound.custody.context.home import Home
from keybound.custody.envelopes.seal_record import SealRecord
from keybound.custody.envelopes.text_change import TextChange
from keybound.domain.errors import UnavailableError
from keybound.domain.text.compact_json import dumps, loads
from keybound.stores.atomic import write_atomic
from keybound.stores.base import Item
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular
from keybound.stores.state import Known


class Unfinished(NamedTuple):
    """A change as far as it must be known to complete or undo it. ``put``: id, part, incarnation and epoch of the item.

    ``seals``: what is sealed after the text.
    """

    action: str
    id: str
    put: tuple[str, str, str, int] | None
    delete: tuple[Item, ...]
    text: TextChange | None
    known: tuple[Known, ...]
    detail: Mapping[str, object]
    seals: tuple[SealRecord, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """All tokens and profiles that it is about."""
        return frozenset((self.id, *(one.id for one in self.seals)))


def begin(home: Home, record: Unfinished) -> None:
    """Note a change before its first write. Raises UnavailableError."""
    write_atomic(home.unfinished, _encoded(record))


def set_waiting(home: Home, record: Unfinished) -> None:
    """Put a change that can be neither completed nor undone now where it hinders no other. Raises UnavailableError."""
    make_private_dir(home.waiting)
    write_atomic(_waiting_path(home, record), _encoded(record))
    with suppress(FileNotFoundError):
        os.unlink(home.unfinished)


def end(home: Home, record: Unfinished) -> None:
    """Forget a change that is complete or undone."""
    for path in (home.unfinished, _waiting_path(home, record)):
        try:
            os.unlink(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as fault:
            raise UnavailableError(f"cannot be removed: {fault.strerror}", where=path) from None
    with suppress(OSError):
        os.rmdir(home.waiting)


def set_aside(path: str) -> None:
    """Keep a damaged record where it is not read again."""
    os.rename(path, path + ".broken")


def records(home: Home) -> Iterator[tuple[str, Unfinished | None]]:
    """Each record with its file; None for one that is damaged."""
    for path in _paths(home):
        yield path, _read(path)


def any_unfinished(home: Home) -> bool:
    """Whether there is something to complete or undo."""
    return os.path.exists(home.unfinished) or os.path.exists(home.waiting)


def unfinished_ids(home: Home) -> frozenset[str]:
    """The tokens and profiles whose change was cut short and is not completed yet."""
    return frozenset(id_ for _, record in records(home) if record is not None for id_ in record.ids)


def waiting_for(home: Home, id_: str) -> Unfinished | None:
    """The change that waits and stands in the way of another one of this token or profile."""
    for _, record in records(home):
        if record is not None and record.ids & {id_, id_.partition("/")[0]}:
            return record
    return None


def _paths(home: Home) -> list[str]:
    try:
        waiting = [name for name in sorted(os.listdir(home.waiting)) if name.endswith(".json")]
    except (FileNotFoundError, NotADirectoryError):
        waiting = []
    found = [home.unfinished] if os.path.exists(home.unfinished) else []
    return found + [os.path.join(home.waiting, name) for name in waiting]


def _waiting_path(home: Home, record: Unfinished) -> str:
    return os.path.join(home.waiting, f"{record.id.replace('/', '@')}.json")  # no name holds "@"


def _encoded(record: Unfinished) -> bytes:
    return dumps(record._asdict() | {"detail": dict(record.detail)}).encode()


def _read(path: str) -> Unfinished | None:
    try:
        with open(path, encoding="utf-8", opener=regular) as file:
            raw = loads(file.read())
        return Unfinished(
            action=raw["action"],
            id=raw["id"],
            put=(str(raw["put"][0]), str(raw["put"][1]), raw["put"][2], raw["put"][3]) if raw["put"] else None,
            delete=tuple(Item(*item) for item in raw["delete"]),
            text=TextChange(*raw["text"]) if raw["text"] else None,
            known=tuple(Known(*one) for one in raw["known"]),
            detail=raw["detail"],
            seals=tuple(SealRecord(*one) for one in raw.get("seals", ())),
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None
