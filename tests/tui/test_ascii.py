"""ASCII alone: whatever is on the screen, in every dialog, at every size; and when that is so."""

import pytest

from keybound.domain.verdict.states import State
from keybound.tui.ascii_mode import ascii_text, wants_ascii
from support.tui import driven

SCENES = (
    *(
        (),
        ("2", "down", "right"),
        ("2", "down", "m"),
        ("3", "enter"),
        ("4",),
        ("5",),
        ("a",),
        ("b",),
        ("w",),
        ("i",),
        ("p",),
    ),
    *(("A",), ("r",), ("x",), ("question_mark",), ("ctrl+p",), ("C",), ("N",), ("M",)),
)


@pytest.mark.parametrize("size", [(120, 40), (60, 15)])
async def test_nothing_else_is_painted(size: tuple[int, int]) -> None:
    async with driven(size=size, ascii_only=True) as app:
        for scene in SCENES:
            await app.press("escape", "escape", "escape", "1", *scene)
            assert app.shown.isascii(), (scene, {char for char in app.shown if not char.isascii()})
            assert {len(row) for row in app.shown.split("\n")} == {size[0]}


def test_states_stay_different() -> None:
    assert len({ascii_text(state.glyph) for state in State}) == len(State)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("héllo", "héllo"),
        ("日本", "日本"),
        ("🔑", "??"),
        ("╭─┼╌", "+-+."),
        ("▁▄█", "_-#"),
        ("☃", "?"),
    ],
)
def test_what_becomes_of_other_characters(text: str, shown: str) -> None:
    assert ascii_text(text) == shown


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_ALL": "de_DE.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "linux", "LC_CTYPE": "C.UTF-8"}, True),
        ({"TERM": "linux", "LANG": "en_US.utf8"}, False),
        ({"LANG": "C", "KEYBOUND_ASCII": "0"}, False),
        ({"LANG": "en_US.UTF-8", "KEYBOUND_ASCII": "1"}, True),
    ],
)
def test_when_it_is_so(environ: dict[str, str], wanted: bool) -> None:
    assert wants_ascii(environ) is wanted
