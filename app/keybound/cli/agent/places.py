"""What an agent holds on disk, and what tells that it is still the right one."""

import fcntl
import os
import sys
from contextlib import suppress


def identity(path: str) -> tuple[int, int] | None:
    """What tells a file from another one with its name; None where there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def own_stamps(state: str) -> tuple[str, ...]:
    """What an agent was started with, and is for: the code, and the home whose state folder this is."""
    return (*code_stamps(), f"{identity(state)}")


def code_stamps() -> tuple[str, ...]:
    """The state of every file that this process has loaded of Keybound's, and of the interpreter."""
    ours = [module.__file__ for name, module in sys.modules.items() if name.partition(".")[0] == "keybound"]
    return tuple(stamp_of(path) for path in sorted(filter(None, [sys.executable, *ours])))


def stamp_of(path: str) -> str:
    """What tells that a file was written: times, size and inode; "" where there is none.

    The mtime can be put back; the ctime moves whenever anything is written, and nobody sets it.
    """
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return ""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def own_lock(path: str) -> int | None:
    """Hold this lock for the life of the process; None where another process does."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def awaited_lock(path: str) -> int:
    """Hold this lock for the life of the process, as soon as no other process does."""
    descriptor = _opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _opened(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def forget_stale(path: str) -> None:
    """Remove the socket of an agent that is gone."""
    with suppress(FileNotFoundError):
        os.unlink(path)
