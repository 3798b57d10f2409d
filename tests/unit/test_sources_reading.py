"""Opening and reading: what a file is, what a key reads, and that nothing blocks or raises."""

import os
import socket
import stat
import time
from hashlib import sha256
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.profile.inherit import absolute
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Unreadable, Value
from keybound.sources.caller import Caller
from keybound.sources.files.links import hops, nearest_folder
from keybound.sources.files.open_file import LIMIT, Content, open_once
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.profile_text import read_profile_table
from keybound.sources.reader import read_keys


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
    caller = Caller(environ, str(tmp_path), os.getuid())
    answers = read_keys(
        [parse_key(text)],
        profile_data=data,
        profile_path="/p.toml",
        profile_changed_ns=7,
        files=files or {},
        caller=caller,
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
            caller=Caller({}, "/", 0),
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


def near(tmp_path: Path, folder: str, text: str = "here:x.json#v") -> tuple[Read, dict[str, int | None]]:
    key, snapshot = parse_key(text), Snapshot()
    answers = read_keys(
        [key], profile_data={}, profile_path="", profile_changed_ns=None, files={},
        caller=Caller({}, str(tmp_path / folder), os.getuid()), snapshot=snapshot,
    )  # fmt: skip
    return answers[key], snapshot.files()


def test_here_is_the_nearest_file_up_to_the_repository(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "a" / "b").mkdir(parents=True)
    (tmp_path / "x.json").write_text('{"v": "outside the repository"}')
    found, watched = near(tmp_path, "repo/a/b")
    assert isinstance(found.reading, Absent)
    for folder in ("repo/a/b", "repo/a", "repo"):
        assert watched[str(tmp_path / folder / "x.json")] is None
    assert str(tmp_path / "x.json") not in watched
    (tmp_path / "repo" / "x.json").write_text('{"v": "root"}')
    found, watched = near(tmp_path, "repo/a/b")
    assert (found.reading, found.path) == (Found("root"), str(tmp_path / "repo" / "x.json"))
    assert watched[str(tmp_path / "repo" / "a" / "x.json")] is None
    assert watched[str(tmp_path / "repo" / "a" / ".git")] is None
    (tmp_path / "repo" / "a" / "x.json").write_text('{"v": "near"}')
    assert near(tmp_path, "repo/a/b")[0].reading == Found("near")
    (tmp_path / "repo" / "a" / "b" / "x.json").mkdir()  # nothing farther stands in for what cannot be read
    assert isinstance(near(tmp_path, "repo/a/b")[0].reading, Unreadable)
    (tmp_path / "link").symlink_to(tmp_path / "repo" / "a")
    assert near(tmp_path, "link")[0].reading == Found("near")


def test_here_without_a_repository_ends_where_the_askers_own_folders_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "a").mkdir(parents=True)
    (tmp_path / "x.json").write_text('{"v": "not mine"}')
    (tmp_path / "own" / "x.json").write_text('{"v": "mine"}')
    strange = str(tmp_path)
    monkeypatch.setattr(
        "keybound.sources.files.nearest_file._owner", lambda folder: -1 if folder == strange else os.getuid()
    )
    assert near(tmp_path, "own/a")[0].reading == Found("mine")
    (tmp_path / "own" / "x.json").unlink()
    assert isinstance(near(tmp_path, "own/a")[0].reading, Absent)


def test_here_reads_a_whole_file_too(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"{}")
    found = near(tmp_path, ".", "here:x.json")[0].reading
    assert isinstance(found, Found)
    assert isinstance(found.value, FileContent)


def test_links_are_watched_at_every_hop(tmp_path: Path) -> None:
    (tmp_path / "end.json").write_text('{"v": 1}')
    (tmp_path / "mid").symlink_to("end.json")
    (tmp_path / "x.json").symlink_to("mid")
    mtime = (tmp_path / "end.json").stat().st_mtime_ns
    for name in ("x.json", "mid", "end.json"):
        assert near(tmp_path, ".")[1][str(tmp_path / name)] == mtime
    (tmp_path / "end.json").unlink()
    watched = near(tmp_path, ".")[1]
    assert {str(tmp_path / name): watched[str(tmp_path / name)] for name in ("x.json", "mid", "end.json")} == {
        str(tmp_path / "x.json"): None, str(tmp_path / "mid"): None, str(tmp_path / "end.json"): None,
    }  # fmt: skip


def test_what_is_there_but_unreadable_has_its_time(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    assert near(tmp_path, ".")[1][str(tmp_path / "x.json")] == (tmp_path / "x.json").stat().st_mtime_ns


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[settings]\na = 0x" + "f" * 5000, "4300 digits"),
        ("[settings]\na = " + "9" * 5000, "4300"),
        ("a" + ".a" * 200_000 + " = 1", "nested too deep"),
        ("[settings]\na = " + "[" * 150 + "]" * 150, "nested too deep"),
        ("[settings]\na = " + "[" * 10_000 + "]" * 10_000, "nested too deep"),
    ],
)
def test_a_profile_that_is_too_much_is_said(text: str, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        read_profile_table(text, "p.toml")


def test_only_a_leading_home_is_expanded_in_paths() -> None:
    written = {"~/a": "/h/a", "/a": "/a", "a/b": "/p/a/b", "$HOME/a": "/p/$HOME/a", "~you/a": "/p/~you/a", "~": "/p/~"}
    assert {path: absolute(path, "/p", "/h") for path in written} == written
