"""Whether the home's lock can be had."""

import fcntl
import os

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.stores.lock import take_lock

_SECONDS = 1.0
_LOCKS = "/proc/locks"


def lock(context: Context) -> list[Finding]:
    """Taken as a release takes it, together with others, and given back at once; none is made."""
    path = context.home.lock
    if not os.path.lexists(path):
        return [ok("nothing was locked yet")]
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as fault:
        why = "it is a link" if os.path.islink(path) else (fault.strerror or "it cannot be opened").lower()
        return [fail(f"{path}: {why}", f"Remove it: rm {path}")]
    try:
        if take_lock(descriptor, fcntl.LOCK_SH, _SECONDS):
            return [ok("nobody holds it")]
        return [_held(path, os.fstat(descriptor).st_ino)]
    except OSError as fault:
        why = (fault.strerror or "it cannot be locked").lower()
        return [fail(f"{path}: {why}", "Keep the state where files can be locked: XDG_STATE_HOME")]
    finally:
        os.close(descriptor)


def _held(path: str, inode: int) -> Finding:
    for pid in _holders(inode):
        name, stopped = _process(pid)
        if stopped:
            return fail(
                f"{path} is held by process {pid} ({name}), which is stopped", f"Go on with it: kill -CONT {pid}"
            )
        if name:
            return warn(f"{path} is held by process {pid} ({name})", f"Wait for it, or end it: kill {pid}")
    return warn(f"{path} is held by another process", "Wait for it.")


def _holders(inode: int) -> list[int]:
    """Who holds a lock on this file, by proc(5)'s ``locks``; those of one namespace alone are told."""
    try:
        with open(_LOCKS, encoding="ascii") as file:
            rows = [line.split() for line in file]
    except OSError:
        return []
    return [int(row[4]) for row in rows if row[1] != "->" and len(row) > 5 and row[5].rpartition(":")[2] == str(inode)]


def _process(pid: int) -> tuple[str, bool]:
    """Its name, "" where nobody tells; and whether it is stopped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            head, _, rest = file.read().rpartition(")")
    except OSError:
        return "", False
    return head.partition("(")[2], rest.split()[0] in ("T", "t")
