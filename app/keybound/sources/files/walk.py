"""The files below a folder, each read once. Links are not followed, so nothing is read twice and no loop is entered."""

import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | os.O_NOFOLLOW
_PIECE = 1 << 20
_OF_GIT = ("config", "credentials")  # what may hold an address with a password; the rest is git's own store


class WalkedFile(NamedTuple):
    """A file as it was read; ``mode``: its permission bits."""

    path: str
    data: bytes
    mode: int


class UnreadFile(NamedTuple):
    """A file or folder that was not read, and why; ``size``: of one that is too large, else 0."""

    path: str
    why: str
    size: int = 0


Walked = WalkedFile | UnreadFile


def walk(path: str, largest: int, skip: Callable[[str], bool]) -> Iterator[Walked]:
    """Every regular file at or below ``path``, in the order of names, but for what ``skip`` says.

    Of more than ``largest`` bytes, none is read.
    """
    folders = [path]
    if not os.path.isdir(path):
        yield _read(os.path.realpath(path), largest)._replace(path=path)
        return
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as fault:
            yield UnreadFile(folder, _why(fault))
            continue
        inside = []
        for entry in entries:
            if skip(entry.path):
                continue
            if entry.is_dir(follow_symlinks=False):
                inside.append(entry.path)
            elif entry.is_file(follow_symlinks=False) and (entry.name in _OF_GIT or os.path.basename(folder) != ".git"):
                yield _read(entry.path, largest)
        if os.path.basename(folder) != ".git":
            folders += reversed(inside)


def _read(path: str, largest: int) -> Walked:
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as fault:
        return UnreadFile(path, _why(fault))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return UnreadFile(path, "it is not a file")
        if status.st_size > largest:
            return UnreadFile(path, "it is too large", status.st_size)
        return WalkedFile(path, _whole(descriptor, status.st_size, largest), stat.S_IMODE(status.st_mode))
    except OSError as fault:
        return UnreadFile(path, _why(fault))
    finally:
        os.close(descriptor)


def _whole(descriptor: int, size: int, largest: int) -> bytes:
    """All of it; a file that grows meanwhile is read no further than ``largest``."""
    data = os.read(descriptor, min(size + 1, largest))
    while data and len(data) < largest and (more := os.read(descriptor, min(largest - len(data), _PIECE))):
        data += more
    return data


def _why(fault: OSError) -> str:
    return (fault.strerror or "it cannot be read").lower()
