"""A file that is replaced keeps its mode, owner and group; no group gets what it could not do before."""

import os
import stat
from pathlib import Path

import pytest

from keybound.domain.errors import UnavailableError
from keybound.stores.atomic import write_atomic


@pytest.fixture
def group() -> int:
    """A group that is not this process's own, and may be given away."""
    others = [4321] if os.getuid() == 0 else [one for one in os.getgroups() if one != os.getgid()]
    if not others:
        pytest.skip("this user has no second group")
    return others[0]


def test_a_group_stays(tmp_path: Path, group: int) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    os.chown(path, -1, group)
    path.chmod(0o640)
    write_atomic(str(path), b"new")
    assert (path.read_text(), path.stat().st_gid, path.stat().st_mode & 0o777) == ("new", group, 0o640)


def test_a_group_that_cannot_be_given_is_no_reason_to_let_another_read(
    tmp_path: Path, group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    path = tmp_path / "file"
    path.write_text("old")
    os.chown(path, -1, group)
    path.chmod(0o664)
    monkeypatch.setattr(os, "fchown", refuse)
    write_atomic(str(path), b"new")
    assert (path.read_text(), path.stat().st_gid, path.stat().st_mode & 0o777) == ("new", os.getgid(), 0o604)


def test_a_link_to_something_else_than_a_file_replaces_nothing(tmp_path: Path) -> None:
    pipe, path = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    path.symlink_to(pipe)
    with pytest.raises(UnavailableError, match="not a regular file"):
        write_atomic(str(path), b"new")
    assert (pipe.is_fifo(), path.is_symlink()) == (True, True)


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    device = tmp_path / "device"
    try:
        os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")
    with pytest.raises(UnavailableError, match="not a regular file"):
        write_atomic(str(device), b"new")
    assert device.is_char_device()
