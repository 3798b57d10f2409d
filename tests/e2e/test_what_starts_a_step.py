"""What bash, zsh and fish take for a change, and that a step is right where its stamps cannot be kept."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.shells.bash import SHELL
from keybound.shells.step import EnvUpdate, Watched
from support.pane import pane
from support.programs_at_hand import needed
from support.shells import SHELLS, Terminal
from support.staging import CANARY, furnish, released

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
SECOND, HOUR = 10**9, 3600 * 10**9
SHIFTS = (HOUR // 2, -HOUR // 2, SECOND, -SECOND)
FINE = (1, -1)


@pytest.fixture(params=sorted(SHELLS))
def terminal(
    request: pytest.FixtureRequest, keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> Iterator[Terminal]:
    name = str(request.param)
    needed(name)
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    opened = Terminal(name, environ)
    yield opened
    opened.close()


def at_rest(terminal: Terminal, home: Path) -> int:
    """How often the profile was released, once a prompt a second later releases it no more."""
    for _ in range(20):
        before = released(home)
        time.sleep(1.1)
        prompt(terminal)
        if released(home) == before:
            return before
    raise AssertionError("each prompt starts the program")


def prompt(terminal: Terminal) -> str:
    """What the next prompt's hook says: it works after the mark of the command before it."""
    return terminal.do("true") + terminal.do("true")


@pytest.mark.parametrize("age", [0, HOUR], ids=["young", "rested"])
def test_any_other_time_of_a_file_is_a_change(terminal: Terminal, home: Path, age: int) -> None:
    file = home / "kube.yaml"
    exact = age == 0 or terminal.shell != "fish"  # fish looks at the second alone once a file has rested
    for shift in (*SHIFTS, *(FINE if exact else ())):
        base = time.time_ns() // SECOND * SECOND + SECOND // 2 - age
        os.utime(file, ns=(base, base))
        prompt(terminal)
        before = at_rest(terminal, home)
        os.utime(file, ns=(base + shift, base + shift))
        prompt(terminal)
        assert released(home) > before, shift


def test_a_file_that_comes_and_one_that_goes_are_changes(terminal: Terminal, home: Path) -> None:
    prompt(terminal)
    before = at_rest(terminal, home)
    (home / ".config" / "keybound" / "policy.toml").write_text("schema = 1\n")
    prompt(terminal)
    assert released(home) > before
    at_rest(terminal, home)
    (home / "kube.yaml").unlink()
    prompt(terminal)
    assert terminal.variable("GITHUB_TOKEN") == "unset"


def test_without_stamps_each_prompt_is_still_right(keybound: Run, terminal: Terminal, home: Path) -> None:
    assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
    hooks = home / ".local" / "state" / "keybound" / "hooks"
    while hooks.is_dir():  # a step may be writing there
        shutil.rmtree(hooks, ignore_errors=True)
    hooks.write_text("in the way\n")
    assert "checks at every prompt" in prompt(terminal)
    assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
    keybound("expire", "staging/github", "--yes")
    prompt(terminal)
    assert terminal.variable("GITHUB_TOKEN") == "unset"
    hooks.unlink()
    prompt(terminal)
    at_rest(terminal, home)


def test_fish_writes_at_its_prompts_in_memory(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path
) -> None:
    needed("fish")
    furnish(keybound, profiles, home)
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    opened = Terminal("fish", {**environ, "XDG_RUNTIME_DIR": str(runtime), "KEYBOUND_PROFILE": "staging"})
    try:
        before = at_rest(opened, home)
        assert not (home / ".local" / "state" / "keybound" / "hooks").exists()
        [folder] = (runtime / "keybound").iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        shutil.rmtree(folder)
        prompt(opened)
        assert released(home) > before
        assert opened.variable("GITHUB_TOKEN") == CANARY.decode()
    finally:
        opened.close()


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_a_home_without_any_file_is_looked_at_once(environ: dict[str, str], tmp_path: Path, shell: str) -> None:
    with pane(shell, environ, tmp_path / "pane") as term:
        for _ in range(3):
            term.do("true")
        assert term.starts == 1


@pytest.mark.parametrize("apart", [1, 0], ids=["exact", "seconds-alone"])
@pytest.mark.parametrize("young", [True, False], ids=["young", "rested"])
def test_bash_looks_at_each_prompt_while_a_file_is_young_where_it_compares_seconds_alone(
    tmp_path: Path, young: bool, apart: int
) -> None:
    """bash 3.2 cannot be had here: to it, the two markers are equal, and here they are made so."""
    for name, time_ns in (("deadline", SECOND), ("finer", SECOND + apart)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, ns=(time_ns, time_ns))
    answer = EnvUpdate({}, {}, (), "", files=(Watched("/etc/passwd", "/etc/passwd", 1, young=young),), seconds=600)
    left = f"_keybound_dir='{tmp_path}'\n{SHELL.render(answer).decode()}echo $((_keybound_until - _keybound_since))"
    done = subprocess.run(["bash", "-c", left], capture_output=True, check=True)
    assert int(done.stdout) == (0 if young and not apart else 600), done.stderr
