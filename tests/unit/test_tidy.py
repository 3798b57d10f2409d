"""Temporary files of killed writers go at the next change; those of a living writer, and young ones, stay."""

import os
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing

GONE = 2**22 + 1  # no process has such an id


def left(folder: Path, pid: int, age: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".keybound-{pid}-0123456789ab.tmp"
    path.write_text("half")
    now = path.stat().st_mtime
    os.utime(path, (now - age, now - age))
    return path


@pytest.mark.parametrize("place", ["config/profiles", "config/schema", "state", "state/allowed", "data/store/staging"])
def test_left_files_go(environ: dict[str, str], home: Path, tmp_path: Path, place: str) -> None:
    context = Context(environ, str(tmp_path))
    root, _, rest = place.partition("/")
    folder = Path(getattr(context.home, root), rest)
    old, living, young = left(folder, GONE, 120), left(folder, os.getpid(), 120), left(folder, GONE + 1, 0)
    other = folder / "mine.tmp"
    other.write_text("mine")
    with changing(context):
        pass
    assert [path.exists() for path in (old, living, young, other)] == [False, True, True, True]
