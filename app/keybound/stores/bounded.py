"""Calls that end in time, whatever they call."""

import time
from collections.abc import Callable
from typing import NoReturn, TypeVar

from keybound.domain.errors import StoreAwayError

T = TypeVar("T")


class Deadline:
    """A moment on the monotonic clock."""

    __slots__ = ("_end",)

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the moment; 0 once it has passed."""
        return max(self._end - time.monotonic(), 0.0)


def within(seconds: float, call: Callable[[], T], hint: str = "") -> T:
    """Return or raise what ``call`` does; raise StoreAwayError when it has done neither in time.

    The call runs in a daemon thread, so one that hangs for ever keeps no process alive.
    """
    from threading import Thread

    outcome: list[Callable[[], T]] = []

    def run() -> None:
        try:
            value = call()
        except BaseException as fault:
            outcome.append(_raiser(fault))
        else:
            outcome.append(lambda: value)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise StoreAwayError(f"no answer within {seconds:g} s", hint=hint)
    return outcome[0]()


def _raiser(fault: BaseException) -> Callable[[], NoReturn]:
    def again() -> NoReturn:
        raise fault

    return again
