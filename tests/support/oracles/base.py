"""A tool as the oracle of its effective keys: a random setting, the tool's answer there, and ours."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Unreadable
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys

REFUSED = "REFUSED"  # the tool ends with an error, or says that it cannot tell
NOTHING = None
Answers = Mapping[str, object]


class Setting(NamedTuple):
    """Where a tool is asked: its home, its folder, its variables."""

    home: Path
    cwd: Path
    environ: dict[str, str]


class Oracle(NamedTuple):
    """``make`` writes a random setting into an empty folder; ``ask`` runs the program there: values, None, REFUSED."""

    program: str
    keys: Sequence[str]
    make: Callable[[Random, Path], Setting]
    ask: Callable[[str, Setting], Answers]
    usual: int = 12  # rounds in a short run


def ours(keys: Sequence[str], setting: Setting) -> dict[str, object]:
    """What the keys read there, in the words of the oracle."""
    parsed = [parse_key(key) for key in keys]
    caller = Caller(setting.environ, str(setting.cwd), os.getuid())
    found = read_keys(
        parsed, profile_data={}, profile_path="", profile_changed_ns=None, files={}, caller=caller, snapshot=Snapshot()
    )
    return {key.text: _word(found[key].reading) for key in parsed}


def _word(reading: Found | Absent | Unreadable) -> object:
    if isinstance(reading, Found):
        return reading.value
    return NOTHING if isinstance(reading, Absent) else REFUSED


def run(setting: Setting, *words: str, timeout: int = 60) -> "subprocess.CompletedProcess[str]":
    """Run the tool in the setting."""
    return subprocess.run(
        words, cwd=setting.cwd, env=setting.environ, capture_output=True, text=True, check=False, timeout=timeout,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def new_home(folder: Path, **environ: str) -> Setting:
    """An empty home and a folder to stand in below it."""
    home, cwd = folder / "home", folder / "home" / "work" / "project"
    cwd.mkdir(parents=True)
    return Setting(home, cwd, {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environ})


def put(path: Path, text: str, random: Random) -> None:
    """Write a file; now and then through a link, one of a chain, or a folder that is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.exists():
        path.write_text(text)
        return
    if random.random() < 0.15:
        real = path.with_name(f"{path.name}.real")
        real.write_text(text)
        if random.random() < 0.4:
            path.with_name(f"{path.name}.hop").symlink_to(real.name)
            real = path.with_name(f"{path.name}.hop")
        path.symlink_to(real if random.random() < 0.5 else real.name)
        return
    path.write_text(text)
