"""Signals of a process that runs another: the terminal's are the child's own, the others are handed on."""

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_TERMINAL = (signal.SIGINT, signal.SIGQUIT)
_FORWARDED = (signal.SIGTERM, signal.SIGHUP)


class Forwarding:
    """Made before the child starts, so that no signal is lost in between; :meth:`to` says who gets them.

    Python runs its handlers in the main thread alone, and only between two steps of the program. A signal that reached
    another thread, or came just before the main thread began to wait, would stay unheard until the child ends. So
    whoever waits waits for :attr:`woken` too, which the interpreter writes to in whatever thread the signal comes.
    """

    def __init__(self) -> None:
        self._pid = 0
        self._early: list[int] = []
        self.woken, write = os.pipe()
        for end in (self.woken, write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._handed_on = [number for number in _FORWARDED if signal.getsignal(number) != signal.SIG_IGN]
        for number in self._handed_on:
            signal.signal(number, self._sent)

    def to(self, pid: int) -> None:
        """Hand on what came and what comes; leave the terminal's signals to the child."""
        for number in _TERMINAL:
            signal.signal(number, signal.SIG_IGN)
        self._pid = pid
        for early in self._early:
            self._sent(early, None)

    @contextmanager
    def while_forking(self) -> Iterator[None]:
        """Signals wait, in both processes, until each has the handlers that are right for it."""
        before = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, self._handed_on)
        try:
            yield
        finally:
            if os.getpid() != before:
                for number in self._handed_on:
                    signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, self._handed_on)

    def heard(self) -> None:
        """Empty :attr:`woken`, to wait for the next signal."""
        with suppress(BlockingIOError):
            os.read(self.woken, select.PIPE_BUF)

    def wait(self, ended: Callable[[], int | None]) -> int:
        """Wait until ``ended`` gives the child's status."""
        while (status := ended()) is None:
            select.select([self.woken], [], [])
            self.heard()
        return status

    def leave(self) -> None:
        """The child is gone and this process goes on: SIGTERM ends it, a hang-up does not."""
        for number in self._handed_on:
            signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)

    def _sent(self, number: int, _: FrameType | None) -> None:
        if not self._pid:
            self._early.append(number)
            return
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)
