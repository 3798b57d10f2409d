"""Input from a terminal: reports are no keys, keys are never lost, and a paste without an end ends."""

from itertools import pairwise

import pytest

from keybound.tui.terminal_ground import can_answer, told
from keybound.tui.terminal_input import PASTE_BEGINS, PASTE_ENDS, TerminalInput, is_light

LIGHT, DARK = "\x1b]11;rgb:ffff/ffff/e0e0\x1b\\", "\x1b]11;rgb:1111/1515/1c1c\x07"
REPORTS = (
    LIGHT,
    DARK,
    "\x1b]11;#fdf6e3\x07",
    "\x1b[?997;1n",
    "\x1b[?997;2n",
    "\x1b[?62;22;52c",
    "\x1b[?0u",
    "\x1b]4;1;x\x07",
)
KEYS = ("j", "\x1b[A", "\x1bOP", "\x1b[<0;3;4M", "\x1b[97;5u", "\x1b[27;5;9~", "\x1b[?2026;2$y", "\x1b", "é")


class Input(TerminalInput):
    def __init__(self) -> None:
        self.said: list[bool] = []
        super().__init__(self.said.append)


@pytest.mark.parametrize(
    ("report", "light"),
    [(LIGHT, True), (DARK, False), ("\x1b]11;#fdf6e3\x07", True), ("\x1b]11;rgba:0/0/0/ff\x07", False),
     ("\x1b]11;rgb:f/f/f\x07", True), ("\x1b[?997;1n", False), ("\x1b[?997;2n", True),
     ("\x1b]10;rgb:ff/ff/ff\x07", None), ("\x1b[?62c", None), ("\x1b]11;red\x07", None), ("", None)],
)  # fmt: skip
def test_what_a_report_tells(report: str, light: bool | None) -> None:
    assert is_light(report) is light


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_is_no_key_however_it_is_cut(report: str) -> None:
    for cut in range(2, len(report)):
        given = Input()
        assert given.take("a" + report[:cut], 0) == "a"
        assert given.take(report[cut:] + "b", 0.1) == "b"
        assert given.waited(9) == ""
        assert given.said == [light for light in [is_light(report)] if light is not None]


@pytest.mark.parametrize("key", KEYS)
def test_keys_pass_as_they_are(key: str) -> None:
    for report in REPORTS:
        given = Input()
        assert given.take(key + report + key, 0) == key + key
        assert given.take(key, 1) == key


@pytest.mark.parametrize("report", ["\x1bP>|XTerm(390)\x1b\\", "\x1b_Gi=1;OK\x1b\\", "\x1b[>0;276;0c"])
def test_answers_that_nobody_asked_for_are_no_keys(report: str) -> None:
    assert Input().take(f"a{report}b", 0) == "ab"
    assert Input().take("\x1bP", 0) == "\x1bP"


def test_alt_and_a_bracket_is_a_key_after_a_moment() -> None:
    given = Input()
    assert given.take("\x1b]", 0) == ""
    assert given.waited(0.01) == ""
    assert given.waited(0.1) == "\x1b]"
    assert given.take("x", 1) == "x"


def test_a_report_that_never_ends_is_dropped_and_the_keyboard_goes_on() -> None:
    given = Input()
    assert given.take("\x1b]52;c;abc", 0) == ""
    assert given.waited(1) == ""
    assert given.take("5", 2) == "5"
    assert Input().take("\x1b]52;c;" + "x" * 5000, 0) != ""


def test_a_paste_is_passed_whole_with_whatever_is_in_it() -> None:
    whole = f"{PASTE_BEGINS}one {LIGHT} two{PASTE_ENDS}"
    for first, last in pairwise(range(len(PASTE_BEGINS), len(whole) + 1, 3)):
        given = Input()
        parts = [whole[:first], whole[first:last], whole[last:]]
        assert "".join(given.take(part, 0) for part in parts) == whole
        assert given.said == []
        assert given.take(LIGHT, 0) == ""


def test_a_paste_that_is_cut_off_ends_after_a_while() -> None:
    given = Input()
    assert given.take(f"{PASTE_BEGINS}half", 0) == f"{PASTE_BEGINS}half"
    assert given.waited(1) == ""
    assert given.waited(3) == PASTE_ENDS
    assert given.waited(6) == ""
    assert given.take(f"j{DARK}", 7) == "j"


@pytest.mark.parametrize(
    ("colours", "light"),
    [
        ("0;15", True),
        ("0;7", True),
        ("15;default;15", True),
        ("15;0", False),
        ("15;8", False),
        ("", False),
        ("x", False),
    ],
)
def test_what_colorfgbg_tells(colours: str, light: bool) -> None:
    assert told({"COLORFGBG": colours}) is light


def test_a_console_or_gnu_screen_is_not_asked() -> None:
    assert can_answer({"TERM": "xterm-256color"})
    assert can_answer({"TERM": "tmux-256color", "TMUX": "x"})
    for environ in ({"TERM": "linux"}, {"TERM": "vt100"}, {"TERM": "screen", "STY": "1"}, {"TERM": "dumb"}, {}):
        assert not can_answer(environ)
