"""What the application leaves of a terminal: after a crash, after a signal, after input that is no key."""

import os
import signal
import sys
import termios
import time
from pathlib import Path

import pexpect
import pytest

KEYBOUND = str(Path(sys.executable).with_name("keybound"))

PLANTED = "planted-3e8a-never-shown"
CRASHING = """
import sys
sys.path.insert(0, {tests!r})
from support.sample_service import SampleService
from keybound.domain.text.secret import Secret
from keybound.tui.app import KeyboundApp
from keybound.tui.dialogs.help import Help

class Service(SampleService):
    def reveal(self, token):
        secret = {planted!r}
        raise RuntimeError(secret)

class App(KeyboundApp):
    BINDINGS = [("f8", "boom"), ("f9", "stuck")]
    def action_boom(self):
        secret = {planted!r}
        raise RuntimeError(secret)
    def action_stuck(self):
        self._driver._app.call_later(self._bad_message, {planted!r})
    async def _bad_message(self, secret):
        self.screen.mount(secret)

app = App(Service())
app.run()
sys.exit(app.return_code)
"""
RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?1006l", "\x1b[?2004l")


class Terminal:
    """A program on a pty; ``raw`` is everything that it wrote."""

    def __init__(self, program: str, arguments: list[str], environ: dict[str, str]) -> None:
        self.child = pexpect.spawn(program, arguments, env=environ, dimensions=(24, 80), timeout=20)
        self.modes = termios.tcgetattr(self.child.child_fd)
        self.raw = b""

    def until(self, wanted: bytes) -> None:
        self.child.expect_exact(wanted)
        self.raw += self.child.before + self.child.after

    def end(self) -> str:
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before
        return self.raw.decode(errors="replace")


@pytest.fixture
def crashing(tmp_path: Path, environ: dict[str, str]) -> Terminal:
    script = tmp_path / "crashing.py"
    script.write_text(CRASHING.format(tests=str(Path(__file__).parents[1]), planted=PLANTED))
    started = Terminal(sys.executable, [str(script)], environ)
    started.until(b"DEPLOY_TOKEN")
    time.sleep(0.3)
    return started


@pytest.mark.parametrize("key", [b"\x1b[19~", b"\x1b[20~", b"v"])
def test_a_crash_restores_the_terminal_and_shows_no_local(crashing: Terminal, key: bytes) -> None:
    crashing.child.send(key)
    raw = crashing.end()
    assert [each for each in RESTORED if each not in raw[raw.rindex("\x1b[?1049h") :]] == []
    assert raw.rindex("keybound: failed with") > raw.rindex("\x1b[?1049l"), "the line stands on the normal screen"
    assert PLANTED not in raw
    assert "Traceback" not in raw
    crashing.child.close()
    assert crashing.child.exitstatus == 1


def test_a_crash_gives_echo_and_line_mode_back(crashing: Terminal) -> None:
    crashing.child.send(b"\x1b[19~")
    crashing.until(b"keybound: failed with")
    after = termios.tcgetattr(crashing.child.child_fd)
    assert after[3] & termios.ECHO
    assert after[3] & termios.ICANON
    crashing.end()


@pytest.mark.parametrize(
    "noise", [b"\x1b[M", b"\x1b[M\xc8\xff\xfe", b"\x1b[M \x80", b"\xff\xfe\xfd", b"\x1b[<0;1", b"\x1b]52;c;\xff"]
)
def test_input_that_is_no_key_kills_nothing(crashing: Terminal, noise: bytes) -> None:
    crashing.child.send(noise)
    time.sleep(0.6)
    crashing.child.send(b"\x1b\x1b")
    time.sleep(0.6)
    crashing.child.send(b"5")
    crashing.until(b"reload")
    crashing.child.send(b"\x11")
    assert "failed with" not in crashing.end()
    crashing.child.close()
    assert crashing.child.exitstatus == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_application_restores_the_terminal(crashing: Terminal, number: signal.Signals) -> None:
    os.kill(crashing.child.pid, number)
    raw = crashing.end()
    assert [each for each in RESTORED if each not in raw[raw.rindex("\x1b[?1049h") :]] == []
    assert PLANTED not in raw


@pytest.mark.parametrize("verb", [[], ["demo"]])
@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_can_only_print_gets_a_line_and_a_status(
    environ: dict[str, str], verb: list[str], term: str
) -> None:
    child = pexpect.spawn(KEYBOUND, verb, env={**environ, "TERM": term}, dimensions=(24, 80), timeout=20)
    child.expect(pexpect.EOF)
    said = child.before.decode()
    child.close()
    assert child.exitstatus == 2
    assert "cannot run on this terminal" in said
    assert "\x1b" not in said
    assert list(Path(environ["HOME"]).iterdir()) == [], "nothing was made"


def test_ctrl_z_goes_to_the_shell_and_fg_comes_back(environ: dict[str, str], tmp_path: Path) -> None:
    child = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-i"],
        env={**environ, "PS1": "at-the-shell> "},
        dimensions=(24, 80),
        timeout=30,
    )
    child.expect_exact("at-the-shell> ")
    child.sendline(f"{KEYBOUND} demo")
    child.expect_exact("tokens")
    child.expect_exact("palette")
    child.send("\x1a")
    child.expect_exact("\x1b[?1049l")
    child.expect_exact("at-the-shell> ")
    child.sendline("fg")
    child.expect_exact("\x1b[?1049h")
    child.expect_exact("palette")
    child.send("\x11")
    child.expect_exact("at-the-shell> ")
    child.sendline("exit")
    child.expect(pexpect.EOF)


def test_ctrl_z_without_a_shell_says_so(crashing: Terminal) -> None:
    crashing.child.send(b"\x1a")
    crashing.until(b"no shell can bring this back")
    crashing.child.send(b"\x11")
    crashing.end()
