"""Many things in pieces: a call has a time limit, and a lock is not held for long."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 100  # items in one call to a store


def batches(things: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """The things in order, at most ``size`` at a time; nothing where there are none."""
    for begin in range(0, len(things), size):
        yield things[begin : begin + size]
