"""Kinds of terminals: consoles, old ones, multiplexers, extended keys; a paste that breaks off; and how much is sent a key."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.staging import COMMAND, Run, furnish
from support.terminal import Screen, step_costs

LEFT = ("\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?1006l", "\x1b[?2004l", "\x1b[?1049l")
MOST = 3  # bytes for a step of the cursor, for each cell of the screen


@pytest.fixture
def opened(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> Callable[..., Screen]:
    furnish(keybound, profiles, home)
    keybound("use", "staging")

    def start(columns: int = 80, rows: int = 24, *, program: str = "", **variables: str) -> Screen:
        arguments = [program] if program else []
        return Screen(arguments, {**environ, "TERM": "xterm-256color", **variables}, columns, rows)

    return start


@pytest.mark.parametrize("term", ["linux", "vt100", "xterm", "screen", "tmux-256color", "rxvt", "no-such-terminal"])
def test_it_opens_and_gives_the_terminal_back_whatever_its_kind(opened: Callable[..., Screen], term: str) -> None:
    screen = opened(TERM=term)
    screen.until("GITHUB_TOKEN")
    screen.child.send("5")
    screen.until("reload")
    screen.end()
    assert screen.child.exitstatus == 0
    left = screen.raw.decode(errors="replace")
    assert [each for each in LEFT if each not in left[left.rindex("\x1b[?25l") :]] == []


def test_a_console_without_utf_8_gets_ascii(opened: Callable[..., Screen]) -> None:
    screen = opened(TERM="linux", LANG="C")
    assert screen.until("GITHUB_TOKEN").isascii()
    screen.end()
    assert screen.raw.isascii()


def test_no_colour_where_none_is_wanted(opened: Callable[..., Screen]) -> None:
    screen = opened(NO_COLOR="1", COLORTERM="truecolor")
    screen.until("GITHUB_TOKEN")
    screen.end()
    colours = set(screen.raw.decode(errors="replace").split("\x1b[38;2;")[1:])
    shades = {tuple(each.split("m", 1)[0].split(";")[:3]) for each in colours}
    assert all(len(set(shade)) == 1 for shade in shades), "only greys"


def test_a_paste_that_breaks_off_leaves_the_keyboard(opened: Callable[..., Screen]) -> None:
    screen = opened(120, 40)
    screen.until("GITHUB_TOKEN")
    screen.child.send("/\x1b[200~git")  # its end never comes
    time.sleep(3)
    screen.child.send("hub")
    screen.until("github")
    screen.child.send("\x1b")
    time.sleep(0.5)
    screen.child.send("5")
    screen.until("reload")
    screen.end()
    assert screen.child.exitstatus == 0


@pytest.mark.parametrize(
    "keys",
    [
        "\x1b[97;1:3u\x1b[97;5u\x1b[57441;2u\x1b[57443u",  # the kitty protocol: releases, modifiers alone
        "\x1b[27;5;105~\x1b[27;6;120~\x1b[27;2;13~",  # modifyOtherKeys
        "\x1b[>0;276;0c\x1b[?62;c\x1bP>|XTerm(390)\x1b\\",  # answers that nobody asked for
        "\x1b[1;2;3;4;5z\x1b[I\x1b[O",
    ],
)
def test_extended_keys_do_no_harm(opened: Callable[..., Screen], keys: str) -> None:
    screen = opened(120, 40)
    screen.until("1 token ")
    screen.child.send(keys)
    time.sleep(0.6)
    screen.child.send("\x1b\x1b")
    time.sleep(0.6)
    screen.child.send("5")
    screen.until("reload")
    screen.end()
    assert screen.child.exitstatus == 0


def test_a_step_of_the_cursor_costs_little(environ: dict[str, str]) -> None:
    columns, rows = 120, 40
    costs = step_costs(environ, columns, rows)
    assert min(costs) > 0
    assert sorted(costs)[3] <= MOST * columns * rows, costs


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Callable[..., "subprocess.CompletedProcess[str]"]]:
    """GNU screen, detached, with a shell in it."""
    needed("screen")
    folder = tmp_path / "s"
    folder.mkdir(mode=0o700)
    (tmp_path / "rc").write_text("defutf8 on\n")
    environ = {**os.environ, "SCREENDIR": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["screen", "-S", "kb", *words], env=environ, capture_output=True, text=True, timeout=20, check=False
        )

    call("-U", "-c", str(tmp_path / "rc"), "-dm", "bash", "--norc", "--noprofile")
    yield call
    call("-X", "quit")


def test_gnu_screen_has_nothing_of_it_left(
    session: Callable[..., "subprocess.CompletedProcess[str]"], environ: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"

    def until(wanted: Callable[[str], bool]) -> str:
        end = time.monotonic() + 30
        while True:
            session("-X", "hardcopy", str(copy))
            time.sleep(0.2)
            shown = copy.read_text(errors="replace") if copy.exists() else ""
            if wanted(shown):
                return shown
            assert time.monotonic() < end, shown

    variables = " ".join(f"{name}={environ[name]}" for name in ("HOME", "PATH"))
    until(lambda shown: shown.rstrip().endswith(("#", "$")))  # what is typed at a shell that is not there yet is lost
    session("-X", "stuff", f"PS1=here: {variables} {COMMAND} demo\n")
    until(lambda shown: "palette" in shown and "DEPLOY_TOKEN" in shown)
    session("-X", "stuff", "\x11")
    left = until(lambda shown: "palette" not in shown and shown.strip() != "")
    assert "DEPLOY_TOKEN" not in left
    assert "11;" not in left


def test_tmux_has_nothing_of_it_left(environ: dict[str, str], tmp_path: Path) -> None:
    needed("tmux")

    def tmux(*words: str) -> str:
        command = ["tmux", "-S", str(tmp_path / "t"), "-f", "/dev/null", *words]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout

    def until(wanted: Callable[[str], bool]) -> str:
        end = time.monotonic() + 30
        while not wanted(shown := tmux("capture-pane", "-p")):
            assert time.monotonic() < end, shown
            time.sleep(0.2)
        return shown

    tmux("new-session", "-d", "-x", "100", "-y", "30", "PS1=here: bash --norc --noprofile")
    try:
        until(lambda shown: "here:" in shown)
        tmux("send-keys", f"{COMMAND} demo", "Enter")
        until(lambda shown: "palette" in shown and "DEPLOY_TOKEN" in shown)
        tmux("send-keys", "C-q")
        left = until(lambda shown: shown.count("here:") == 2)
        assert "DEPLOY_TOKEN" not in left
        assert left.rstrip().endswith("here:"), "nothing was typed at the prompt"
        assert "11;" not in left
    finally:
        tmux("kill-server")
