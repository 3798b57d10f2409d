"""What a file format is: how a text is read, and where its keys stand."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from keybound.domain.values.readings import Value

LONGEST = 256 * 1024
Place = tuple[int, int]
PlaceOf = Callable[[str, Sequence[str]], Place | None]


class Format(NamedTuple):
    """One format.

    ``parse``: the values in a text; raises ParseError, RecursionError on absurd nesting. ``place``: line and column (from
    1) of the key of these names, None where it is not sure; it raises as ``parse`` does. ``longest``: the longest text in
    which a place is looked for.
    """

    parse: Callable[[str], Value]
    place: PlaceOf | None = None
    longest: int = LONGEST
