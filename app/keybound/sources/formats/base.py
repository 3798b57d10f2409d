"""What a file format is: how a text is read, and where its keys stand."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from keybound.domain.readings import Value

LONGEST = 256 * 1024
Place = tuple[int, int]
PlaceOf = Callable[[str, Sequence[str]], Place | None]


class Format(NamedTuple):
    """One format.

    ``parse``: the values in a text; raises ParseFault, RecursionError on absurd nesting. ``place``: line and column (from
    1) of the key of these names, None where it is not sure; it raises as ``parse`` does. ``longest``: the longest text in
    which a place is looked for.
    """

    parse: Callable[[str], Value]
    place: PlaceOf | None = None
    longest: int = LONGEST


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
