"""The prompt hook in real bash, zsh and fish: what expired is gone at the next prompt; nothing changed starts nothing."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.shells import LOAD, SHELLS, Terminal
from support.staging import CANARY, REST, furnish, released

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(params=sorted(SHELLS))
def shell(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    needed(name)
    return name


def test_the_next_prompt_drops_what_expired_and_restores_what_stood_there(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, shell: str
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    terminal = Terminal(shell, {**environ, "GITHUB_TOKEN": "of-the-user"})
    try:
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
        subprocess.run(["sed", "-i", "s/staging/prod/", home / "kube.yaml"], check=True)
        time.sleep(REST)
        terminal.do("true")
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == "of-the-user"
    finally:
        terminal.close()


def test_an_unchanged_prompt_starts_no_process(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, shell: str, tmp_path: Path
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    terminal = Terminal(shell, environ)
    try:
        terminal.do("true")
        before = released(home)
        for _ in range(10):
            terminal.do("true")
        assert released(home) == before
        (home / "kube.yaml").write_text("current-context: dev\n")
        terminal.do("true")
        terminal.do("true")
        assert released(home) > before
    finally:
        terminal.close()


def test_a_child_shell_drops_what_expired(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, shell: str
) -> None:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    terminal = Terminal(shell, environ)
    try:
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
        terminal.child.sendline(" ".join(SHELLS[shell]))
        terminal.do("true")
        keybound("expire", "staging/github", "--yes")
        terminal.do(LOAD[shell])
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == "unset"
    finally:
        terminal.close()


def test_use_pins_this_shell_and_goes_back(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, shell: str
) -> None:
    furnish(keybound, profiles, home)
    terminal = Terminal(shell, environ)
    try:
        assert terminal.variable("GITHUB_TOKEN") == "unset"
        terminal.do("keybound use staging")
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
        terminal.do("keybound use -")
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == "unset"
    finally:
        terminal.close()


NASTY = [
    b"plain", b"with space", b"new\nline", b"trailing\n\n", b"'", b'"', b"\\", b"\\'", b"$HOME", b"`id`", b"$(id)", b"!x",
    b"%s", b"-n", b"--", b"\xf0\x9f\x94\x91", b"\xff\xfe", b"\xc3", b"\x01\x1b[31m\x7f", b"a\tb\rc", b"*?[]{}~#&;|<>()",
]  # fmt: skip


def test_values_come_out_byte_for_byte(shell: str, tmp_path: Path) -> None:
    from keybound.shells.registry import get_shell

    values = {f"V{number}": value * repeat for number, value in enumerate(NASTY) for repeat in (1,)}
    values |= {f"P{a}_{b}": NASTY[a] + NASTY[b] for a in range(len(NASTY)) for b in range(len(NASTY))}
    script = get_shell(shell).export(values)
    dump = f"{sys.executable} -c 'import os,sys; sys.stdout.buffer.write(repr(dict(os.environb)).encode())'"
    path = tmp_path / "script"
    path.write_bytes(script + dump.encode() + b"\n")
    done = subprocess.run([*SHELLS[shell][:-1], str(path)], capture_output=True, check=True, timeout=60)
    found = eval(done.stdout)
    assert len(values) >= 440
    assert {name: found[name.encode()] for name in values} == values
