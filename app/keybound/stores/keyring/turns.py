"""One conversation with the keyring at a time.

gnome-keyring (42) answers ``UnknownMethod`` or aborts, with everybody's keyring in it, where several clients come and go while
it answers one: seen with three processes that read at full speed. Twenty panes that draw their prompts at once come
close to that, so Keybound's processes take turns. It is a courtesy: who gets no turn in time goes on without one.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from keybound.stores.lock import take_lock

SECONDS = 2.0  # the longest wait for a turn: on a busy machine somebody else is often quicker
_PAUSE = 0.001


@contextmanager
def turn(address: str) -> Iterator[None]:
    """Hold the turn at the bus ``address`` for as long as it lasts: a lock on the folder of the bus's socket."""
    descriptor = _folder(address)
    try:
        if descriptor is not None:
            with suppress(OSError):  # a file system without locks
                take_lock(descriptor, fcntl.LOCK_EX, SECONDS, _PAUSE)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _folder(address: str) -> int | None:
    """The open folder of the bus's socket; None where it has none, or none that can be opened."""
    for part in address.partition(":")[2].split(","):
        name, _, path = part.partition("=")
        if name == "path":
            try:
                return os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError:
                return None
    return None
