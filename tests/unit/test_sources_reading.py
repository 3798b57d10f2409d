"""Opening and reading: what a file is, what a key reads, and that nothing blocks or raises."""

import os
import socket
import stat
import time
from hashlib import sha256
from pathlib import Path

import pytest

from keybound.domain.keys import parse_key
from keybound.domain.readings import Absent, FileContent, Found, Read, Unreadable, Value
from keybound.sources.links import hops, nearest_folder
from keybound.sources.open_file import LIMIT, Content, open_once
from keybound.sources.reader import Asker, Snapshot, read_keys


def test_a_regular_file_is_read_with_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    path.chmod(0o640)
    found = open_once(str(path))
    assert isinstance(found, Content)
    assert (found.data, found.mode, found.owner) == (b"abc", 0o640, os.getuid())
    assert (found.ctime_ns, found.mtime_ns) == (path.stat().st_ctime_ns, path.stat().st_mtime_ns)


def test_what_is_not_a_file_is_never_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        places = {"fifo": tmp_path / "fifo", "socket": tmp_path / "socket", "folder": tmp_path, "device": "/dev/zero"}
        for word, place in places.items():
            found = open_once(str(place))
            assert isinstance(found, Unreadable), word
            assert word in found.why


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1])
def test_8_mib_is_the_limit(tmp_path: Path, size: int) -> None:
    path = tmp_path / "f"
    path.touch()
    os.truncate(path, size)
    assert isinstance(open_once(str(path)), Content if size == LIMIT else Unreadable)


def test_what_is_not_there_is_absent(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "f").touch()
    for name in ("nothing", "no/folder", "dangling", "f/below"):
        assert isinstance(open_once(str(tmp_path / name)), Absent), name


def test_what_cannot_be_opened_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for path in (str(tmp_path / "loop"), str(tmp_path / "a\0b"), str(tmp_path / ("x" * 300))):
        assert isinstance(open_once(path), Unreadable)


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_no_permission_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.touch(mode=0)
    assert isinstance(open_once(str(path)), Unreadable)


def test_a_file_that_changes_while_it_is_read_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc")
    read = os.read

    def meddled(descriptor: int, length: int) -> bytes:
        part = read(descriptor, length)
        if part:
            path.write_bytes(b"abcdef")
        return part

    monkeypatch.setattr(os, "read", meddled)
    found = open_once(str(path))
    assert isinstance(found, Unreadable)
    assert "changed" in found.why


def test_hops_names_every_link(tmp_path: Path) -> None:
    (tmp_path / "end").touch()
    (tmp_path / "mid").symlink_to("end")
    (tmp_path / "start").symlink_to(tmp_path / "mid")
    assert hops(str(tmp_path / "start")) == tuple(str(tmp_path / name) for name in ("start", "mid", "end"))
    assert nearest_folder(str(tmp_path / "a" / "b" / "c")) == str(tmp_path)


def read_one(text: str, tmp_path: Path, files: dict[str, str] | None = None, **environ: str) -> Read:
    data: dict[str, Value] = {"settings": {"a": [{"name": "x", "v": 1}]}, "flags": {"b": False}}
    asker = Asker(environ, str(tmp_path), os.getuid())
    answers = read_keys(
        [parse_key(text)],
        profile_data=data,
        profile_path="/p.toml",
        profile_changed_ns=7,
        files=files or {},
        asker=asker,
        snapshot=Snapshot(),
    )
    return answers[parse_key(text)]


def test_profile_and_context_keys(tmp_path: Path) -> None:
    assert read_one("settings.a[name=x].v", tmp_path)[:3] == (Found(1), "/p.toml", 7)
    assert read_one("flags.b", tmp_path).reading == Found(value=False)
    assert isinstance(read_one("flags.c", tmp_path).reading, Absent)
    assert read_one("env:A", tmp_path, A="1") == Read(Found("1"))
    assert isinstance(read_one("env:A", tmp_path).reading, Absent)
    (tmp_path / "link").symlink_to(tmp_path)
    assert read_one("cwd", tmp_path / "link").reading == Found(str(tmp_path.resolve()))


def test_file_keys(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'{"a": {"b": 2}}')
    path.chmod(0o600)
    files = {"x": str(path)}
    found = read_one("file:x#a.b", tmp_path, files)
    assert found == Read(Found(2), str(path), path.stat().st_ctime_ns, str(path.resolve()))
    whole = FileContent(sha256(path.read_bytes()).hexdigest(), 15, 0o600, os.getuid(), mine=True)
    assert read_one("file:x", tmp_path, files).reading == Found(whole)
    assert isinstance(read_one("file:x#a.c", tmp_path, files).reading, Absent)
    assert isinstance(read_one("file:y", tmp_path, files).reading, Unreadable)
    path.write_bytes(b'{"a": ')
    assert isinstance(read_one("file:x#a.b", tmp_path, files).reading, Unreadable)


def test_an_absent_file_has_its_folders_time(tmp_path: Path) -> None:
    found = read_one("file:x", tmp_path, {"x": str(tmp_path / "no" / "x")})
    assert isinstance(found.reading, Absent)
    assert found.changed_ns == tmp_path.stat().st_ctime_ns


def test_a_link_to_nowhere_rests_only_when_both_its_ends_do(tmp_path: Path) -> None:
    """An editor that removes the target and writes it anew must not look like a file that was long gone."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (there / "f").write_text("1")
    (here / "f").symlink_to(there / "f")
    time.sleep(0.05)
    (there / "f").unlink()
    found = read_one("file:x", tmp_path, {"x": str(here / "f")})
    assert isinstance(found.reading, Absent)
    assert found.changed_ns is not None
    assert found.changed_ns >= there.stat().st_ctime_ns


def test_a_snapshot_reads_each_file_once_and_names_what_to_watch(tmp_path: Path) -> None:
    path, link = tmp_path / "x.toml", tmp_path / "link.toml"
    path.write_text("a = 1")
    link.symlink_to(path)
    snapshot = Snapshot()

    def read() -> Read:
        key = parse_key("file:x#a")
        return read_keys(
            [key, parse_key("file:gone")],
            profile_data={},
            profile_path="",
            profile_changed_ns=None,
            files={"x": str(link), "gone": str(tmp_path / "gone")},
            asker=Asker({}, "/", 0),
            snapshot=snapshot,
        )[key]

    assert read().reading == Found(1)
    mtime = path.stat().st_mtime_ns
    path.write_text("a = 22")
    assert read().reading == Found(1)
    assert snapshot.files() == {str(link): mtime, str(path): mtime, str(tmp_path / "gone"): None}


def test_the_limit_does_not_depend_on_the_size_that_is_told() -> None:
    """/proc tells a size of 0 and still has content."""
    found = open_once("/proc/self/stat")
    assert isinstance(found, Content)
    assert found.data
    assert stat.S_IMODE(os.stat("/proc/self/stat").st_mode) == found.mode
