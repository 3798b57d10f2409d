"""Whether somebody watches a home: each watcher shares a lock file for as long as it lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from keybound.domain.errors import UnavailableError
from keybound.stores.lock import shared

NAME = "watching"


@contextmanager
def announced(state: str) -> Iterator[None]:
    """While it lasts, others know that this process watches; where the state cannot be written, nobody does."""
    with ExitStack() as stack:
        with suppress(UnavailableError):
            stack.enter_context(shared(os.path.join(state, NAME)))
        yield


def is_watched(state: str) -> bool:
    """Whether a process watches now."""
    try:
        descriptor = os.open(os.path.join(state, NAME), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        with suppress(OSError):
            os.close(descriptor)
    return False
