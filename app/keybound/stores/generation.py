"""The stamp that tells every shell that something has changed."""

import os
import time

from keybound.domain.errors import UnavailableError
from keybound.stores.lock import exclusive

# From one nanosecond up to two seconds: what a file system may round a time to.
_STEPS = (1, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)


def read(path: str) -> int:
    """The stamp's time in nanoseconds; 0 where there is none yet."""
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0
    except OSError as fault:
        raise UnavailableError(f"the change stamp cannot be read: {fault.strerror}", where=path) from None


def touch(path: str) -> int:
    """Move the stamp on and return its time: always later than before, also with a clock set back.

    Raises UnavailableError where it cannot be written.
    """
    with exclusive(path):  # the stamp is its own lock: two touches at once must give two times
        try:
            return _move_on(path, read(path))
        except OSError as fault:
            raise UnavailableError(f"the change stamp cannot be written: {fault.strerror}", where=path) from None


def _move_on(path: str, before: int) -> int:
    for step in _STEPS:
        wanted = max(time.time_ns(), before + step)
        os.utime(path, ns=(wanted, wanted))
        after = os.stat(path).st_mtime_ns
        if after > before:
            return after
    raise OSError(0, "its file system keeps no times")
