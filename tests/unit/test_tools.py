"""What every tool's keys keep to: one reason for bad input, all that decides is watched, nothing is loaded before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import Key, parse_key
from keybound.domain.values.readings import Found, Read, Unreadable
from keybound.domain.values.variables import is_variable
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys

PAGE = (Path(__file__).parents[2] / "docs/keys.md").read_text()
KEYS = [parse_key(f"{tool}:{name}") for tool, row in TOOLS.items() for name in row.names]


def read(key: Key, cwd: Path, snapshot: Snapshot, **environ: str) -> Read:
    """The key, read in a folder; the home is beside it."""
    caller = Caller(
        {"HOME": str(cwd.parent / "home"), "PATH": str(cwd.parent / "bin"), **environ}, str(cwd), os.getuid()
    )
    found = read_keys(
        [key], profile_data={}, profile_path="", profile_changed_ns=None, files={}, caller=caller, snapshot=snapshot
    )
    return found[key]


@pytest.fixture
def cwd(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    npm, gcloud = tmp_path / "lib" / "npm" / "bin" / "npm-cli.js", tmp_path / "sdk" / "bin" / "gcloud"
    (tmp_path / "sdk" / "lib" / "googlecloudsdk").mkdir(parents=True)
    for program in (npm, gcloud, tmp_path / "bin" / "node", tmp_path / "bin" / "pip"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch(0o755)
    (tmp_path / "bin" / "npm").symlink_to(npm)
    (tmp_path / "bin" / "gcloud").symlink_to(gcloud)
    (tmp_path / "bin" / "pip").write_text(f"#!{tmp_path}/env/bin/python3\n")
    return tmp_path / "here"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.text)
def test_each_key_is_on_the_page(key: Key) -> None:
    assert f"`{key.text}`" in PAGE


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.text)
def test_variables_are_such_that_a_shell_can_compare(key: Key, cwd: Path) -> None:
    snapshot = Snapshot()
    read(key, cwd, snapshot)
    assert snapshot.variables
    assert all(map(is_variable, snapshot.variables))


def spoil(path: Path, how: str) -> None:
    """Make the file one that cannot be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if how == "a folder":
        path.mkdir()
    elif how == "a loop of links":
        path.symlink_to(path)
    elif how == "a fifo":
        os.mkfifo(path)
    elif how == "too large":
        with path.open("wb") as file:
            file.truncate(9 * 1024 * 1024)
    else:
        path.write_bytes(b"\xff\xfe\0\0[]{}")


@pytest.mark.parametrize("how", ["a folder", "a loop of links", "a fifo", "too large", "binary"])
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.text)
def test_what_cannot_be_read_is_one_reason(key: Key, how: str, cwd: Path) -> None:
    """Every file that decides is spoilt, one after the other: no fault, no guess, and the reason is one line."""
    snapshot = Snapshot()
    read(key, cwd, snapshot)
    places = [Path(path) for path in snapshot.mtimes() if path.startswith(str(cwd.parent))]
    assert places, "nothing is watched"
    for path in places:
        if path.exists() or path.is_symlink() or path.name in LANDMARKS:
            continue
        spoil(path, how)
        reading = read(key, cwd, Snapshot()).reading
        assert isinstance(reading, Unreadable), path
        assert "\n" not in reading.why
        assert str(path) in reading.why, reading
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


LANDMARKS = frozenset({"node_modules", "package.json", "pyvenv.cfg"})  # whether it is there is all that counts


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.text)
def test_a_bare_place_is_read_without_a_fault(key: Key, cwd: Path) -> None:
    for environ in ({}, {"HOME": ""}, {"HOME": "relative"}):
        reading = read(key, cwd, Snapshot(), **environ).reading
        assert not isinstance(reading, Found) or reading.value is not None
    environ = {"HOME": "/nonexistent", "PATH": str(cwd.parent / "bin")}
    assert not isinstance(read(key, Path("/nonexistent/here"), Snapshot(), **environ).reading, Unreadable)


def test_no_tool_is_loaded_before_its_key_is_read() -> None:
    code = (
        "import sys, keybound.custody.prompt.following, keybound.cli.verbs.use.exec, keybound.custody.release.release;"
    )
    code += "print([name for name in sys.modules if name.startswith('keybound.sources.tools')])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
