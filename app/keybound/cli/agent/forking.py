"""A child of the agent: forked, so that all code is loaded already, and ended with what it was made for."""

import ctypes
import os
import signal
from collections.abc import Callable

HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGCHLD)
DUMPABLE, DEATH_SIGNAL, NAME = 4, 1, 15  # prctl(2)
STALE = 3  # a child's exit status: the code on disk is not the code that runs
_FIRST = 3  # the descriptor after those of input, output and errors


def child(work: Callable[[], int]) -> int:
    """Have ``work`` done by a child, whose exit status is what it returns; return its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in HANDLED:
            signal.signal(number, signal.SIG_DFL)
        status = work()
    finally:
        os._exit(status)


def hold_only(descriptor: int) -> int:
    """Close all descriptors but input, output, errors and this one; return its number then.

    A child that may outlive the agent would keep callers waiting at its socket, and the next agent at its lock.
    """
    os.dup2(descriptor, _FIRST, inheritable=False)
    os.closerange(_FIRST + 1, os.sysconf("SC_OPEN_MAX"))
    return _FIRST


def prctl(option: int, value: "int | bytes") -> None:
    """Set a property of this process."""
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
