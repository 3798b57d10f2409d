"""How much hangs on each key and on each file: what an overview of a large map says first."""

from typing import NamedTuple

from keybound.domain.verdict.states import REACTIONS, Reaction
from keybound.tui.map.model import KeyInfo, MapModel


class KeyWeight(NamedTuple):
    """A key, how many tokens are bound to it, and for how many of them it is outside."""

    key: KeyInfo
    tokens: int
    outside: int


class FileWeight(NamedTuple):
    """A file and the keys read from it. ``withheld``: tokens that stop while it cannot be read.

    ``expired``: tokens that expire if their readings leave their boundaries.
    """

    path: str
    keys: tuple[str, ...]
    tokens: int
    withheld: int
    expired: int
    outside: int


def heaviest_keys(model: MapModel) -> list[KeyWeight]:
    """Keys by how many tokens are bound to them, most first."""
    found = [
        KeyWeight(key, len(key.rows), sum(row.inside is not True for row in key.rows.values()))
        for key in model.keys.values()
    ]
    return sorted(found, key=lambda each: (-each.tokens, each.key.id))


def heaviest_files(model: MapModel) -> list[FileWeight]:
    """Files that, unreadable, would take tokens with them, those that take the most first."""
    keys: dict[str, list[KeyInfo]] = {}
    for key in model.keys.values():
        for path in sorted({row.path for row in key.rows.values() if row.path}):
            keys.setdefault(path, []).append(key)
    found = [_file(path, held) for path, held in keys.items()]
    return sorted((each for each in found if each.withheld), key=lambda each: (-each.withheld, -each.tokens, each.path))


def _file(path: str, keys: list[KeyInfo]) -> FileWeight:
    """An unreadable file suspends whatever reacts by more than a warning; a reading outside does what its boundary says."""
    worst: dict[str, Reaction] = {}
    outside: set[str] = set()
    for key in keys:
        for token, row in key.rows.items():
            if row.path == path:
                worst[token] = max(worst.get(token, Reaction.IGNORE), REACTIONS.get(row.outside, Reaction.IGNORE))
                outside |= {token} if row.inside is not True else set()
    return FileWeight(
        path,
        tuple(key.id for key in keys),
        len(worst),
        sum(reaction >= Reaction.SUSPEND for reaction in worst.values()),
        sum(reaction is Reaction.EXPIRE for reaction in worst.values()),
        len(outside),
    )
