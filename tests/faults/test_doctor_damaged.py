"""Every file of a home damaged in every way: the doctor ends in time, blames no check of its own, and changes nothing."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from stat import S_ISDIR

import pytest

from keybound.custody.health.examine import examine, mend
from keybound.custody.view_models.health import Health
from support.staging import CANARY, Run, furnish

SECONDS = 15  # far more than the longest limit of a check


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbled(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(5000))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def json_of_another_kind(path: Path) -> None:
    path.write_bytes(b'[1, {"a": null}, "x"]\n')


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def broken_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere")


def link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def pipe_instead(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES = (
    emptied, garbled, cut, json_of_another_kind, folder_instead, broken_link, link_to_itself, pipe_instead,
)  # fmt: skip


@pytest.fixture
def home_with_all(keybound: Run, profiles: Path, home: Path) -> Path:
    """A home in which every kind of file was written."""
    furnish(keybound, profiles, home)
    (profiles.parent / "config.toml").write_text('[[alert]]\nto = "bell"\n')
    (profiles.parent / "policy.toml").write_text('outside = "expire"\n')
    assert keybound("use", "staging").returncode == 0
    assert keybound("exec", "--", "true").returncode == 0
    assert keybound("usage", "github").returncode == 0
    return home


def everything(home: Path) -> dict[str, tuple[int, int]]:
    """Every path with its mode, and the time of every file; SQLite has its log beside the state while it is read."""
    found = {str(path): path.lstat() for path in home.rglob("*") if not path.name.endswith(("-wal", "-shm"))}
    return {path: (one.st_mode, 0 if S_ISDIR(one.st_mode) else one.st_mtime_ns) for path, one in found.items()}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_a_finding_at_most(
    home_with_all: Path,
    environ: dict[str, str],
    tmp_path: Path,
    damage: Callable[[Path], None],
    tried: Callable[..., None],
) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(home_with_all, whole, symlinks=True)
    files = sorted(str(one.relative_to(whole)) for one in whole.rglob("*") if one.is_file())
    for name in files:
        damage(home_with_all / name)
        before = everything(home_with_all)
        begun = time.monotonic()
        found = examine(environ, str(tmp_path))
        assert time.monotonic() - begun < SECONDS, name
        said = "\n".join(f"{one.status.value} {one.check} {one.message} {one.fix}" for one in found)
        assert "the check itself failed" not in said, (name, said)
        assert CANARY.decode() not in said, name
        assert all(one.fix or one.status is Health.OK for one in found), (name, said)
        assert {path: one for path, one in everything(home_with_all).items() if before.get(path) != one} == {}, name
        mend(found)
        shutil.rmtree(home_with_all)
        shutil.copytree(whole, home_with_all, symlinks=True)
    tried("the doctor meets a damaged file", len(files))
