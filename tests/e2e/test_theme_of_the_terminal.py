"""Which theme the application opens in: asked for, set, or as the terminal says that it is."""

import os
import signal
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from support.staging import Run, furnish
from support.terminal import Screen

DARK, LIGHT, NORD = "17;21;28", "251;250;247", "46;52;64"  # the grounds, as they are painted


@pytest.fixture
def opened(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> Callable[..., Screen]:
    furnish(keybound, profiles, home)

    def start(*arguments: str, **variables: str) -> Screen:
        return Screen(list(arguments), {**environ, "COLORTERM": "truecolor", "TERM": "xterm-256color", **variables})

    return start


def ground(screen: Screen) -> str:
    """The colour of the ground, once all is shown."""
    screen.until("GITHUB_TOKEN")
    found = [each for each in (DARK, LIGHT, NORD) if f"48;2;{each}" in screen.raw.decode(errors="replace")]
    screen.end()
    return " and ".join(found)


def test_one_that_is_asked_for(opened: Callable[..., Screen]) -> None:
    assert ground(opened("--theme", "nord")) == NORD
    assert ground(opened("--theme=nord")) == NORD


def test_one_that_is_set(opened: Callable[..., Screen], home: Path) -> None:
    (home / ".config" / "keybound" / "config.toml").write_text('theme = "nord"\n')
    assert ground(opened()) == NORD
    assert ground(opened("--theme", "auto")) == DARK


ASKED = b"\x1b]11;?\x1b\\\x1b[c"
ANSWER = {LIGHT: b"\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\", DARK: b"\x1b]11;rgb:0000/2b2b/3636\x07"}
WHAT_IT_IS = b"\x1b[?62;22c"


@pytest.mark.parametrize("wanted", [LIGHT, DARK])
def test_the_terminal_says_what_it_is(opened: Callable[..., Screen], wanted: str) -> None:
    screen = opened(COLORFGBG="0;15" if wanted == DARK else "15;0")
    screen.child.expect_exact(ASKED)
    screen.child.send(ANSWER[wanted] + WHAT_IT_IS)
    assert ground(screen) == wanted


def test_keys_typed_before_it_answers_are_keys(opened: Callable[..., Screen]) -> None:
    screen = opened()
    screen.child.expect_exact(ASKED)
    screen.child.send(b"5" + ANSWER[LIGHT][:9])
    screen.child.send(ANSWER[LIGHT][9:] + WHAT_IT_IS)
    shown = screen.until("reload")  # the journal's own key
    assert "rgb:" not in shown
    assert f"48;2;{LIGHT}" in screen.raw.decode(errors="replace")
    screen.end()


def test_an_answer_that_comes_late_is_no_key_and_counts(opened: Callable[..., Screen]) -> None:
    screen = opened()
    screen.until("GITHUB_TOKEN")
    shown = screen.at_rest()
    screen.child.send(ANSWER[LIGHT] + WHAT_IT_IS)
    screen.until_raw(f"48;2;{LIGHT}")
    assert screen.at_rest() == shown, "no key was pressed"
    screen.end()


def test_a_terminal_that_becomes_light_is_followed(opened: Callable[..., Screen]) -> None:
    screen = opened()
    screen.until("GITHUB_TOKEN")
    screen.until_raw("\x1b[?2031h")
    screen.child.send(b"\x1b[?997;2n")
    screen.until_raw(f"48;2;{LIGHT}")
    screen.end()
    assert "\x1b[?2031l" in screen.raw.decode(errors="replace")


def test_one_that_cannot_answer_is_not_asked(opened: Callable[..., Screen]) -> None:
    screen = opened(TERM="linux", COLORFGBG="0;15")
    assert ground(screen) == LIGHT
    assert ASKED not in screen.raw


def test_one_that_is_chosen_does_not_ask(opened: Callable[..., Screen]) -> None:
    screen = opened("--theme", "nord")
    assert ground(screen) == NORD
    assert ASKED not in screen.raw


def test_modes_are_what_they_were(opened: Callable[..., Screen]) -> None:
    screen = opened()
    before = termios.tcgetattr(screen.child.child_fd)
    screen.until("GITHUB_TOKEN")
    assert not termios.tcgetattr(screen.child.child_fd)[3] & termios.ECHO
    screen.child.send(b"\x11")
    screen.until_raw("\x1b[?25h")
    for _ in range(100):
        if termios.tcgetattr(screen.child.child_fd) == before:
            break
        time.sleep(0.05)
    assert termios.tcgetattr(screen.child.child_fd) == before
    screen.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_it_is_asked_leaves_the_modes_as_they_were(
    opened: Callable[..., Screen], number: signal.Signals
) -> None:
    child = opened().child
    before = termios.tcgetattr(child.child_fd)
    child.expect_exact(ASKED)
    os.kill(child.pid, number)
    child.expect(pexpect.EOF)
    assert before[3] & termios.ECHO
    assert termios.tcgetattr(child.child_fd) == before
    child.close()
    assert child.exitstatus == 128 + number


MINE = 'name = "mine"\n[colors]\nprimary = "#ffffff"\nforeground = "#ffffff"\nbackground = "{}"\n'


def test_a_theme_of_ones_own_is_worn_as_soon_as_it_is_saved(opened: Callable[..., Screen], home: Path) -> None:
    folder = home / ".config" / "keybound" / "themes"
    screen = opened("--theme", "nord")
    screen.until("GITHUB_TOKEN")
    folder.mkdir()
    (folder / "nord.toml").write_text(MINE.format("#010203").replace("mine", "nord"))
    screen.until_raw("48;2;1;2;3")
    fresh = folder / "new"
    fresh.write_text(MINE.format("#040506").replace("mine", "nord"))
    fresh.rename(folder / "nord.toml")
    screen.until_raw("48;2;4;5;6")
    (folder / "nord.toml").write_text("name = nord\n")
    screen.until("nord.toml: cannot be read")
    screen.end()
    assert screen.child.exitstatus == 0
