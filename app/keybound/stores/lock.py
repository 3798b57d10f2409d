"""Locks between processes, which end with the process that holds them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from keybound.domain.errors import UnavailableError
from keybound.stores.bounded import Deadline
from keybound.stores.private_dir import make_private_dir

WAIT_SECONDS = 5.0
NEXT = ".next"  # the lock beside a lock: a writer that waits holds it, so that no reader joins
_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.05


def take_lock(descriptor: int, kind: int, seconds: float, longest_pause: float = _LONGEST_PAUSE) -> bool:
    """Lock an open file, ``fcntl.LOCK_SH`` or ``fcntl.LOCK_EX``; False: not within ``seconds``. Raises OSError.

    ``longest_pause``: seconds between two tries, at most.
    """
    deadline, pause = Deadline(seconds), min(_FIRST_PAUSE, longest_pause)
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if not deadline.left():
                return False
        time.sleep(min(pause, deadline.left()))
        pause = min(pause * 2, longest_pause)


def shared(path: str, seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
    """Hold the lock file at ``path`` together with other readers; raise UnavailableError after ``seconds``."""
    return _held(path, fcntl.LOCK_SH, seconds)


def exclusive(path: str, seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
    """Hold the lock file at ``path`` alone; raise UnavailableError after ``seconds``."""
    return _held(path, fcntl.LOCK_EX, seconds)


def shared_in_turn(path: str, seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
    """As ``shared``, but after a writer that waits already: for a lock that always has some reader."""
    return _in_turn(path, fcntl.LOCK_SH, seconds)


def exclusive_in_turn(path: str, seconds: float = WAIT_SECONDS) -> AbstractContextManager[None]:
    """As ``exclusive``; no reader that takes its turn comes in between."""
    return _in_turn(path, fcntl.LOCK_EX, seconds)


@contextmanager
def _in_turn(path: str, kind: int, seconds: float) -> Iterator[None]:
    deadline = Deadline(seconds)
    with ExitStack() as held:
        with _held(path + NEXT, kind, seconds):
            held.enter_context(_held(path, kind, deadline.left()))
        yield


@contextmanager
def _held(path: str, kind: int, seconds: float) -> Iterator[None]:
    owner = os.getpid()
    descriptor = _opened(path)
    try:
        _take(descriptor, kind, seconds, path)
        try:
            yield
        finally:
            # A forked child shares the lock: only the process that took it gives it back.
            if os.getpid() == owner:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _opened(path: str) -> int:
    make_private_dir(os.path.dirname(os.path.abspath(path)))
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as fault:
        raise UnavailableError(f"this lock cannot be opened: {fault.strerror}", where=path) from None


def _take(descriptor: int, kind: int, seconds: float, path: str) -> None:
    try:
        taken = take_lock(descriptor, kind, seconds)
    except OSError as fault:
        raise UnavailableError(f"this lock cannot be taken: {fault.strerror}", where=path) from None
    if not taken:
        raise UnavailableError(
            "another keybound process is using this home", where=path, hint="Try again when it has finished."
        )
