"""Who asked: for the journal. It is this process, or the one that it stands in for."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_PARENTS = 8
_stands_for = 0


class NeedsCaller(Exception):  # no error: the caller goes the direct way
    """What was asked needs the caller's own process: its terminal, its patience, its children."""


def act_for(pid: int) -> None:
    """From now on this process acts for the process ``pid``, whose environment and folder it has taken on."""
    global _stands_for
    _stands_for = pid


def acts_for_another() -> bool:
    """Whether this process acts for another."""
    return _stands_for > 0


def needs_the_caller() -> None:
    """Raise NeedsCaller where this process only stands in for the one that asked."""
    if acts_for_another():
        raise NeedsCaller


def _asking() -> tuple[int, int]:
    """The process that asked, and the one above it."""
    return (_stands_for, _parent(_stands_for)[1]) if acts_for_another() else (os.getpid(), os.getppid())


def who(program: str, arguments: int = 0) -> "Mapping[str, object]":
    """The resolved program, the number of its arguments (never the arguments), pid, parents, folder and terminal."""
    pid, parent = _asking()
    return {
        "program": program,
        "arguments": arguments,
        "pid": pid,
        "parent": parent,
        "parents": parents(),
        "cwd": _cwd(),
        "tty": _tty(),
    }


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _tty() -> str:
    for descriptor in (0, 2, 1):
        try:
            if not acts_for_another():
                return os.ttyname(descriptor)
            path = os.readlink(f"/proc/{_stands_for}/fd/{descriptor}")
        except OSError:
            continue
        if path.startswith(("/dev/pts/", "/dev/tty")):
            return path
    return ""


def asking_process() -> int:
    """The process that started this one; where that is the ``sh -c`` by which git asks its helpers, the one above it."""
    _, above = _asking()
    try:
        with open(f"/proc/{above}/cmdline", "rb") as file:
            words = file.read(4096).split(b"\0")
    except OSError:
        return above
    return _parent(above)[1] if os.path.basename(words[0]) == b"sh" and words[1:2] == [b"-c"] else above


def parents(pid: int | None = None) -> list[str]:
    """The programs above a process, or the one that asked, nearest first: ``name:pid``; [] where nobody tells."""
    found: list[str] = []
    above = _asking()[1] if pid is None else _parent(pid)[1]
    while above > 0 and len(found) < _MOST_PARENTS:
        name, over = _parent(above)
        if not name:
            break
        found.append(f"{name}:{above}")
        above = over
    return found


def _parent(pid: int) -> tuple[str, int]:
    """A process's name and its parent's id (proc(5), ``/proc/PID/stat``); "" and 0 where nobody tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            head, _, rest = file.read(512).rpartition(b")")
        return head.partition(b"(")[2].decode("utf-8", "replace"), int(rest.split()[1])
    except (OSError, ValueError, IndexError):
        return "", 0
