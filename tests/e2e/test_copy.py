"""copy: the real xclip and xsel on a real X server, and the terminal's own clipboard."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.clipboard import TOOLS, Tool, clear_if, find_tool, put, take
from support.programs_at_hand import needed
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
KEYBOUND = str(Path(sys.executable).with_name("keybound"))
X11 = [tool for tool in TOOLS if tool.needs == "DISPLAY"]


@pytest.fixture
def display() -> Iterator[str]:
    """A throw-away X server's display."""
    needed("xclip")
    xvfb = needed("Xvfb")
    read, write = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write), "-screen", "0", "64x64x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait(10)


def session(environ: dict[str, str], display: str) -> dict[str, str]:
    return {**environ, "DISPLAY": display}


def clipboard(display: str) -> bytes:
    command = ["xclip", "-selection", "clipboard", "-out"]
    return subprocess.run(command, env={**os.environ, "DISPLAY": display}, capture_output=True).stdout


def waited(display: str, wanted: bytes) -> bytes:
    for _ in range(100):
        if clipboard(display) == wanted:
            break
        time.sleep(0.05)
    return clipboard(display)


def command_lines() -> bytes:
    found = b""
    for process in Path("/proc").iterdir():
        try:
            found += (process / "cmdline").read_bytes() if process.name.isdigit() else b""
        except OSError:
            continue
    return found


def test_the_command_copies_says_how_and_prints_nothing_of_it(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, display: str
) -> None:
    furnish(keybound, profiles, home)
    done = keybound("copy", "staging/github", more={"DISPLAY": display})
    assert done.returncode == 0, done.stderr
    assert b"xclip; it is cleared in 45 s" in done.stdout
    assert waited(display, CANARY) == CANARY
    assert CANARY not in done.stdout + done.stderr + command_lines()
    assert b'"way":"copy"' in b"".join(path.read_bytes() for path in home.rglob("*.jsonl")).replace(b" ", b"")


def test_a_withheld_token_leaves_the_clipboard_alone(keybound: Run, profiles: Path, home: Path, display: str) -> None:
    furnish(keybound, profiles, home)
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"mine", env={**os.environ, "DISPLAY": display})
    (profiles / "staging.toml").write_text(
        (profiles / "staging.toml").read_text().replace("beta_writes = false", "beta_writes = true")
    )
    time.sleep(0.4)
    done = keybound("copy", "staging/github", more={"DISPLAY": display})
    assert done.returncode == 1
    assert b"flags.beta_writes is true" in done.stderr
    assert clipboard(display) == b"mine"


def test_without_clipboard_and_terminal_nothing_is_released(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    done = keybound("copy", "staging/github")
    assert done.returncode == 1
    assert b"no clipboard is available" in done.stderr
    assert b"released" not in keybound("log", "--token", "staging/github").stdout


def test_the_terminal_is_the_clipboard_where_there_is_no_other(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    child = pexpect.spawn(KEYBOUND, ["copy", "staging/github"], env=environ, timeout=20)
    child.expect(pexpect.EOF)
    assert b"\x1b]52;c;" + base64.b64encode(CANARY) + b"\a" in child.before
    assert b"OSC 52" in child.before
    assert CANARY not in child.before


@pytest.mark.parametrize("tool", X11, ids=lambda tool: tool.name)
def test_a_secret_is_taken_away_again_only_if_it_is_still_there(
    tool: Tool, environ: dict[str, str], display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = session(environ, display)
    monkeypatch.setattr("keybound.stores.clipboard.CLEAR_SECONDS", 0.5)
    assert put(tool, Secret(CANARY), here)
    assert waited(display, CANARY) == CANARY
    assert waited(display, b"") == b"", "taken away by the helper"
    assert put(tool, Secret(CANARY), here)
    time.sleep(0.1)
    subprocess.run(
        ["xclip", "-selection", "clipboard"], input=b"something else", env={**os.environ, "DISPLAY": display}
    )
    time.sleep(1.5)
    assert clipboard(display) == b"something else"


def test_a_digest_of_something_else_clears_nothing(environ: dict[str, str], display: str) -> None:
    here, tool = session(environ, display), X11[0]
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"mine", env={**os.environ, "DISPLAY": display})
    assert waited(display, b"mine") == b"mine"
    assert not clear_if(tool, bytes(48), here)
    assert take(tool, here) == b"mine"


def test_the_sessions_own_tool_is_found(environ: dict[str, str]) -> None:
    needed("xclip")
    found = find_tool({**environ, "DISPLAY": ":1"})
    assert found is not None
    assert found.name == "xclip"
    assert find_tool(environ) is None, "no session, no tool"
    assert find_tool({**environ, "DISPLAY": ":1", "PATH": ""}) is None
