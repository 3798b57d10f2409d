"""Open a file once, without blocking, and read it whole."""

import errno
import os
import stat
from typing import NamedTuple

from keybound.domain.values.readings import Absent, Unreadable

LIMIT = 8 * 1024 * 1024
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a fifo"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Content(NamedTuple):
    """A regular file as it was read: bytes, permission bits, owner, times in ns, and the path without links."""

    data: bytes
    mode: int
    owner: int
    ctime_ns: int
    resolved: str
    mtime_ns: int = 0


def open_once(path: str) -> Content | Absent | Unreadable:
    """Read ``path`` whole, once; never blocks on a fifo or a device, never raises.

    Absent: no such file, or a link that leads nowhere. Unreadable: not a regular file, over 8 MiB, no permission, or
    changed while it was read. What kind of file it is, is judged on the opened descriptor.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return Absent("no such file")
    except (OSError, ValueError) as error:
        return Unreadable(_why(path, error))
    try:
        return _read(path, descriptor)
    except OSError as error:
        return Unreadable(_why(path, error))
    finally:
        os.close(descriptor)


def _read(path: str, descriptor: int) -> Content | Unreadable:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return Unreadable(f"it is {_kind(before.st_mode)}, not a file")
    if before.st_size > LIMIT:
        return Unreadable("it is over 8 MiB")
    data = _read_all(descriptor)
    if len(data) > LIMIT:
        return Unreadable("it is over 8 MiB")
    after = os.fstat(descriptor)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or (before.st_size and len(data) != before.st_size):
        return Unreadable("it changed while it was read")
    mode = stat.S_IMODE(after.st_mode)
    return Content(data, mode, after.st_uid, after.st_ctime_ns, os.path.realpath(path), after.st_mtime_ns)


def _read_all(descriptor: int) -> bytes:
    parts: list[bytes] = []
    left = LIMIT + 1
    while left > 0 and (part := os.read(descriptor, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")


def _why(path: str, error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):
        return "its path contains characters that no path can contain"
    if error.errno == errno.ENXIO:
        return f"it is {_kind(_mode(path))}, not a file"
    return (error.strerror or "it cannot be opened").lower()


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode
    except OSError:
        return 0
