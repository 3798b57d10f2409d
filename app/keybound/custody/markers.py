"""The stamps of one shell: what it compares with builtins to learn that nothing has changed."""

import os
import time
from collections.abc import Mapping

from keybound.stores.atomic import make_private_dir


def make_markers(folder: str, watched: Mapping[str, int | None], generation_ns: int, seconds: int) -> None:
    """One marker a file with exactly the mtime that was read; none for an absent file. Numbered in order from 0."""
    make_private_dir(os.path.dirname(folder))
    make_private_dir(folder)
    for name in os.listdir(folder):
        if name.isdigit():
            os.unlink(os.path.join(folder, name))
    for number, mtime_ns in enumerate(watched.values()):
        if mtime_ns is not None:
            _mark(os.path.join(folder, str(number)), mtime_ns)
    _mark(os.path.join(folder, "generation"), generation_ns)
    _mark(os.path.join(folder, "deadline"), time.time_ns() + seconds * 10**9)


def _mark(path: str, mtime_ns: int) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    os.utime(path, ns=(mtime_ns, mtime_ns))


def sweep(folder: str) -> None:
    """Remove the stamps of shells that are gone."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        pid = name.partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            import shutil

            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
