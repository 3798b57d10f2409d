"""A disk that is full but for a few pages, ever more of them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

PAGE = 4096
MOST = 40  # pages; more than a change needs


def filled(disk: Path, pages: int) -> Path:
    """Leave so many pages free."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), b"\0" * PAGE)
        except OSError:
            file.truncate(max(0, file.tell() - pages * PAGE))
    return filler


def fails_until_there_is_room(disk: Path, act: Callable[[], "subprocess.CompletedProcess[bytes]"]) -> Iterator[None]:
    """Do ``act`` with ever more room until it is done; pause, with room, after each failure."""
    for pages in range(MOST):
        filler = filled(disk, pages)
        done = act()
        filler.unlink()
        if done.returncode in (0, 1):
            assert pages > 0
            return
        said = done.stderr.decode()
        assert (done.returncode, done.stdout) == (3, b""), said
        assert said.startswith("keybound: ")
        assert "Traceback" not in said
        yield
    raise AssertionError("it is never done")
