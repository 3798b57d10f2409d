"""Who asks, by the kernel's word: the process at the other end of the socket, read from proc(5)."""

import os
import socket
import struct
from collections.abc import Mapping
from typing import NamedTuple

_SAME = ("Uid", "Gid", "Groups", "CapEff", "NoNewPrivs", "Seccomp")  # lines of /proc/PID/status
_SPACES = ("mnt", "pid", "user")
_LOCALE = (b"LC_ALL", b"LC_CTYPE", b"LANG")
_PLAIN_LOCALES = (b"", b"C", b"POSIX", b"C.UTF-8", b"C.utf8")  # Python reads UTF-8 in any of them (PEP 538 and 540)


class Peer(NamedTuple):
    """A process that asks: its id, its umask, and the environment that it was started with, as it was given."""

    pid: int
    umask: int
    environ: dict[bytes, bytes]

    @property
    def folder(self) -> str:
        """What leads to the folder it stands in."""
        return f"/proc/{self.pid}/cwd"


def peer_of(connection: socket.socket) -> Peer | None:
    """The process at the other end; None where it is not one that this process could stand for.

    Another user, group, container or sandbox may read other files than we do, so what we read would not be its own.
    """
    pid, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if uid != os.geteuid() or pid <= 0:
        return None
    try:
        status = _status(str(pid))
        if _standing(str(pid), status) != _standing("self", _status("self")):
            return None
        with open(f"/proc/{pid}/environ", "rb") as file:
            entries = file.read().split(b"\0")
    except OSError:
        return None
    environ = dict(entry.split(b"=", 1) for entry in reversed(entries) if b"=" in entry)  # of two, the first counts
    umask = int(status.get("Umask", "077"), 8)
    return Peer(pid, umask, environ) if _locale(environ) == _locale(os.environb) else None


def _status(pid: str) -> dict[str, str]:
    with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
        return dict(line.split(":", 1) for line in file if ":" in line)


def _standing(pid: str, status: Mapping[str, str]) -> tuple[object, ...]:
    """What a process may do and see, as far as the kernel tells."""
    root = os.stat(f"/proc/{pid}/root")
    spaces = [os.readlink(f"/proc/{pid}/ns/{name}") for name in _SPACES]
    return [status.get(name, "").split() for name in _SAME], spaces, root.st_dev, root.st_ino


def _locale(environ: "os._Environ[bytes] | dict[bytes, bytes]") -> bytes:
    """What decides how texts are read from the system: an interpreter decides it once."""
    named = next((value for name in _LOCALE if (value := environ.get(name))), b"")
    return b"" if named in _PLAIN_LOCALES else named
