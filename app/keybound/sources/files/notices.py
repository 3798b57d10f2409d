"""The kernel's own notices of changed paths (inotify(7)): a process that waits for them does nothing meanwhile.

``watchfiles``, which has notices on every system, wakes up about a hundred times a second to see whether there are any.
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable, Iterator

from keybound.sources.files.links import Ways

_CLOSE_WRITE, _ATTRIB, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x8, 0x4, 0x40, 0x80, 0x100, 0x200
_DELETE_SELF, _MOVE_SELF, _UNMOUNT, _OVERFLOW, _IGNORED = 0x400, 0x800, 0x2000, 0x4000, 0x8000
_ONLY_FOLDERS = 0x01000000
_ON_THE_WAY = _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _DELETE_SELF | _MOVE_SELF
_AT_THE_END = _ON_THE_WAY | _CLOSE_WRITE | _ATTRIB
_LOST = _UNMOUNT | _OVERFLOW | _IGNORED | _DELETE_SELF | _MOVE_SELF  # nothing more is told of it
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR)
_HEAD = struct.Struct("iIII")
_MOST = 1 << 16  # bytes of notices read at once
_ANY = frozenset([""])  # in place of names: all of them


class Notices:
    """Notices of the files and folders at the absolute ``paths``, of every link on the way to them, and of their folders.

    ``whole``: whether the kernel tells of all of them; what it does not tell must be looked at now and then. ``full``: it
    does not, because there are as many watches as it allows.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.whole = True
        self.full = False
        self._names: dict[int, set[str]] = {}
        self._calls = ctypes.CDLL(None, use_errno=True)
        self.descriptor: int = self._calls.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK) if _there_is() else -1
        if self.descriptor < 0:
            self.whole = False
            return
        for folder, (names, mask) in _folders(paths).items():
            self._watch(folder, names, mask)

    def _watch(self, folder: str, names: set[str], mask: int) -> None:
        number: int = self._calls.inotify_add_watch(
            self.descriptor, os.fsencode(folder), ctypes.c_uint32(mask | _ONLY_FOLDERS)
        )
        if number >= 0:
            self._names.setdefault(number, set()).update(names)
        elif ctypes.get_errno() not in _NOT_THERE and mask == _AT_THE_END:  # else its own folder tells when it comes
            self.whole = False
            self.full |= ctypes.get_errno() == errno.ENOSPC

    def read(self) -> bool:
        """Take the notices that wait; return whether one is of ``paths``."""
        try:
            data = os.read(self.descriptor, _MOST)
        except BlockingIOError:
            return False
        return any(self._concerns(number, mask, name) for number, mask, name in _events(data))

    def _concerns(self, number: int, mask: int, name: str) -> bool:
        names = self._names.get(number, set())
        return bool(mask & _LOST) or name in names or (bool(name) and names >= _ANY)

    def close(self) -> None:
        """Hear nothing more."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _there_is() -> bool:
    return sys.platform == "linux"


def _events(data: bytes) -> Iterator[tuple[int, int, str]]:
    at = 0
    while at < len(data):
        number, mask, _, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        yield number, mask, os.fsdecode(data[at : at + length].rstrip(b"\0"))
        at += length


def _folders(paths: Iterable[str]) -> dict[str, tuple[set[str], int]]:
    """Every folder that has a say in what ``paths`` are: the names that count in it, and what is to be told of it."""
    found: dict[str, tuple[set[str], int]] = {}
    ways = Ways()

    def want(folder: str, name: str, mask: int) -> None:
        names, before = found.get(folder, (set(), 0))
        found[folder] = (names | {name}, before | mask)

    ends = {ways.end(path) for path in paths}
    for end in ends:
        want(os.path.dirname(end), os.path.basename(end), _AT_THE_END)
        if os.path.isdir(end):
            want(end, "", _AT_THE_END)
    for place in [*ends, *ways.links]:
        while place != "/":
            folder, name = os.path.split(place)
            want(folder, name, _ON_THE_WAY)
            place = folder
    return found
