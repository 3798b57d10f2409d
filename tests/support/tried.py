"""How a test of faults says what it tried: ``tried("what goes wrong", times, lost=0)``."""

from collections.abc import Callable

Tried = Callable[..., None]
