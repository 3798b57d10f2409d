"""Signals of a process that runs another: the terminal's are the child's own, the others are handed on."""

import os
import signal
from contextlib import suppress
from types import FrameType

_TERMINAL = (signal.SIGINT, signal.SIGQUIT)
_FORWARDED = (signal.SIGTERM, signal.SIGHUP)


class Forwarding:
    """Made before the child starts, so that no signal is lost in between; :meth:`to` says who gets them."""

    def __init__(self) -> None:
        self._pid = 0
        self._early: list[int] = []
        for number in _FORWARDED:
            signal.signal(number, self._sent)

    def to(self, pid: int) -> None:
        """Hand on what came and what comes; leave the terminal's signals to the child."""
        for number in _TERMINAL:
            signal.signal(number, signal.SIG_IGN)
        self._pid = pid
        for early in self._early:
            self._sent(early, None)

    def _sent(self, number: int, _: FrameType | None) -> None:
        if not self._pid:
            self._early.append(number)
            return
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)
