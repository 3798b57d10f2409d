"""A command that runs as a child: whether it has ended, and job control where it stops by itself."""

import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress


class Child:
    """``pid``: a child of this process that nothing else waits for. ``stopped``: what holds while both are stopped."""

    def __init__(self, pid: int, stopped: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self.pid = pid
        self._stopped = stopped
        self.status: int | None = None

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs.

        Where it has stopped (an editor's ctrl-z), this process stops too, so that the shell has its prompt again, and
        wakes the child when it is continued itself.
        """
        while self.status is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
            if not ended:
                break
            if os.WIFSTOPPED(status):
                with self._stopped():
                    os.kill(os.getpid(), signal.SIGSTOP)
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGCONT)
            else:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status
