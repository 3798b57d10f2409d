"""Who asked: for the journal."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def who(program: str, arguments: int = 0) -> "Mapping[str, object]":
    """The resolved program, the number of its arguments (never the arguments), pid, parent, folder and terminal."""
    return {
        "program": program,
        "arguments": arguments,
        "pid": os.getpid(),
        "parent": os.getppid(),
        "cwd": _cwd(),
        "tty": _tty(),
    }


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""


def _tty() -> str:
    for descriptor in (0, 2):
        try:
            return os.ttyname(descriptor)
        except OSError:
            continue
    return ""
