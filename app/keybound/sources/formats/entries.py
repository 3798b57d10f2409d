"""What the formats share that are read line by line: their entries, and how one is found among them."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from keybound.domain.values.readings import Value
from keybound.sources.formats.base import Place, PlaceOf


class Entry(NamedTuple):
    """One key with its value: path, value, and where the key stands (line and column from 1)."""

    path: tuple[str, ...]
    value: Value
    line: int
    column: int


class Placed(Protocol):
    """What stands somewhere: an :class:`Entry`, or the like."""

    @property
    def path(self) -> tuple[str, ...]:
        """The key's names."""

    @property
    def line(self) -> int:
        """From 1."""

    @property
    def column(self) -> int:
        """From 1."""


def place_among(entries: Callable[[str], Iterable[Placed]]) -> PlaceOf:
    """Find a place among the entries that a parser yields; where a key stands several times, the last."""

    def place(text: str, names: Sequence[str]) -> Place | None:
        found = None
        for entry in entries(text):
            if entry.path == tuple(names):
                found = entry.line, entry.column
        return found

    return place
