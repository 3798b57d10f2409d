"""The record of a move from one store to another that has begun and not ended."""

import os
from contextlib import suppress
from typing import NamedTuple

from keybound.custody.context.home import Home
from keybound.domain.errors import UnavailableError
from keybound.domain.text.compact_json import dumps, loads
from keybound.stores.atomic import sync_dir, write_atomic
from keybound.stores.base import Item
from keybound.stores.regular_file import regular

_NAME = "store-move.json"


class MoveRecord(NamedTuple):
    """A move. ``own``: items that the target had before and that the source has not; they are left alone."""

    source: str
    target: str
    own: tuple[Item, ...] = ()


def begin_move(home: Home, record: MoveRecord) -> None:
    """Note the move before its first write. Raises UnavailableError."""
    write_atomic(_path(home), dumps(record._asdict()).encode())


def unfinished_move(home: Home) -> MoveRecord | None:
    """The move that has begun and not ended. Raises UnavailableError for a record that cannot be read."""
    try:
        with open(_path(home), encoding="utf-8", opener=regular) as file:
            raw = loads(file.read())
        return MoveRecord(str(raw["source"]), str(raw["target"]), tuple(Item(*one) for one in raw["own"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise UnavailableError(
            "the record of an unfinished move between stores cannot be read",
            where=_path(home),
            hint="Nothing was changed. Remove that file and move again: what was copied already is compared, not lost.",
        ) from None


def end_move(home: Home) -> None:
    """Forget a move that is complete, or taken back."""
    with suppress(FileNotFoundError):
        os.unlink(_path(home))
    sync_dir(home.state)


def _path(home: Home) -> str:
    return os.path.join(home.state, _NAME)
