"""Whether somebody watches a home: each watcher shares a lock file for as long as it lives."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from keybound.domain.errors import UnavailableError
from keybound.stores.lock import shared

PERSON, AGENT = "watching", "watching-agent"  # what a person has started (``watch``, the application), and the agent


@contextmanager
def announced(state: str, name: str = PERSON) -> Iterator[None]:
    """While it lasts, others know that this process watches; where the state cannot be written, nobody does."""
    with ExitStack() as stack:
        with suppress(UnavailableError):
            stack.enter_context(shared(lock_path(state, name)))
        yield


def lock_path(state: str, name: str = PERSON) -> str:
    """The file that such watchers share; it is closed after writing when one of them ends, and by nobody else."""
    return os.path.join(state, name)


def is_watched(state: str, name: str = PERSON) -> bool:
    """Whether such a process watches now."""
    try:
        descriptor = os.open(lock_path(state, name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
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
