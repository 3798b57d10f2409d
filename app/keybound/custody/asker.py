"""Who asked: for the journal."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_PARENTS = 8


def who(program: str, arguments: int = 0) -> "Mapping[str, object]":
    """The resolved program, the number of its arguments (never the arguments), pid, parents, folder and terminal."""
    return {
        "program": program,
        "arguments": arguments,
        "pid": os.getpid(),
        "parent": os.getppid(),
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
            return os.ttyname(descriptor)
        except OSError:
            continue
    return ""


def asking_process() -> int:
    """The process that started this one; where that is the ``sh -c`` by which git asks its helpers, the one above it."""
    above = os.getppid()
    try:
        with open(f"/proc/{above}/cmdline", "rb") as file:
            words = file.read(4096).split(b"\0")
    except OSError:
        return above
    return _parent(above)[1] if os.path.basename(words[0]) == b"sh" and words[1:2] == [b"-c"] else above


def parents(pid: int | None = None) -> list[str]:
    """The programs above a process (this one where none is given), nearest first: ``name:pid``; [] where nobody tells."""
    found: list[str] = []
    above = os.getppid() if pid is None else _parent(pid)[1]
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
