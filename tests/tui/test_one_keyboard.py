"""A key means the same everywhere; where text is typed it is text; a person's own keys are obeyed and shown."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from textual import events
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.widgets import Input

import keybound.tui
from keybound.domain.profile.action_keys import NAMES
from keybound.tui.dialogs.help import Help
from keybound.tui.frame.actions import ACTIONS
from keybound.tui.frame.tabs import TABS
from keybound.tui.keyboard import textual_key
from keybound.tui.profile.editor import Editor
from support.tui import driven

LISTENED = {textual_key(keys[0]): name for name, keys in NAMES.items()}
PLACES = {
    "tokens": (),
    "heading": ("up",),
    "a token's panel": ("enter",),
    "map": ("2",),
    "map token": ("2", "down", "right"),
    "map focus": ("2", "down", "f"),
    "map overview": ("2", "O"),
    "matrix": ("2", "m"),
    "profile": ("3",),
    "switches": ("3", "f6"),
    "plan": ("3", "f6", "f6"),
    "drift": ("4",),
    "drift's detail": ("4", "enter"),
    "journal": ("5",),
}
TYPED = {
    "filter": ("slash",),
    "map's filter": ("2", "slash"),
    "journal's filter": ("5", "slash"),
    "text": ("3", "enter"),
}
EVERYWHERE = {
    **{textual_key(each.key): each.does for each in ACTIONS},
    **{str(at + 1): f"tab({at})" for at in range(9)},
    "right_square_bracket": "turn(1)",
    "left_square_bracket": "turn(-1)",
    "ctrl+p": "command_palette",
}
# In the text "edit" goes on where one is; the panel of a token and the journal have nothing of their own.
ELSEWHERE = {("profile", "e"): "type", ("switches", "e"): "type", ("plan", "e"): "type"}


@pytest.mark.parametrize("place", PLACES)
async def test_a_key_of_every_screen_does_the_same_wherever_one_is(place: str) -> None:
    async with driven(size=(120, 40)) as app:
        await app.press(*PLACES[place])
        found = {key: await app.runs(key) for key in EVERYWHERE}
        assert found == {key: [ELSEWHERE.get((place, key), action)] for key, action in EVERYWHERE.items()}


@pytest.mark.parametrize("place", TYPED)
async def test_where_text_is_typed_there_is_only_typing(place: str) -> None:
    async with driven(size=(120, 40)) as app:
        await app.press(*TYPED[place])
        box = app.app.focused
        assert isinstance(box, Input | Editor)
        letters = [key for keys in NAMES.values() for key in keys if len(key) == 1]
        assert [key for key in letters if await app.runs(textual_key(key))] == []
        text = box.value if isinstance(box, Input) else box.text
        assert text.startswith("".join(letters))
        assert await app.runs("f1") == ["help"]


def own_bindings() -> Iterator[tuple[str, str, str]]:
    for module in pkgutil.walk_packages(keybound.tui.__path__, "keybound.tui."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, DOMNode) and thing.__module__ == module.name:
                for key, binding in BindingsMap(vars(thing).get("BINDINGS", ())):
                    yield key, binding.action, f"{module.name}.{thing.__name__}"


def test_every_key_that_is_listened_to_has_a_name() -> None:
    strange = {"f1", "ctrl+q"}  # help where ? is typed; quit from anywhere
    assert sorted({key for key, _, _ in own_bindings()} - LISTENED.keys() - strange) == []


SAME = {"store": "save", "cancel": "", "quit": "leave", "answer": "", "type": "edit", "use": "all"}
MOVES = {"up", "down", "left", "right", "page_up", "page_down", "first", "last", "choose", "back", "mark"}


def test_no_key_means_two_things() -> None:
    """What closes a dialog by the key that opened it is the same key to a person; moving is moving."""
    meanings: dict[str, set[str]] = {}
    for key, action, _ in own_bindings():
        if LISTENED.get(key, "up") not in MOVES:
            said = action.partition("(")[0]
            meanings.setdefault(key, set()).add(SAME.get(said, said))
    assert {key: found - {""} for key, found in meanings.items() if len(found - {""}) > 1} == {}


async def test_keys_of_ones_own_do_what_they_were_given_and_are_shown() -> None:
    keys = {"refresh": ["f5"], "expire": ["r"], "sort": ["S"], "copy": []}
    async with driven(size=(400, 40), keys=keys) as app:
        assert await app.runs("f5") == ["refresh"]
        assert await app.runs("r") == ["expire"]
        assert await app.runs("x") == []
        assert await app.runs("y") == []
        for text in ("F5 refresh", "r expire", "S sort"):
            assert text in app.shown
        assert "y copy" not in app.shown
        await app.press("S")
        assert "by name" in app.shown
        await app.press("question_mark")
        assert isinstance(app.app.screen, Help)
        assert "F5     refresh" in app.shown


async def test_the_presets_move_by_their_keys() -> None:
    for preset, down, up in (("vim", "j", "k"), ("emacs", "ctrl+n", "ctrl+p")):
        async with driven(keys={"preset": preset}) as app:
            assert await app.runs(down) == ["walk(1)"]
            assert await app.runs(up) == ["walk(-1)"]
    async with driven(keys={"preset": "emacs"}) as app:
        assert await app.runs("alt+x") == ["command_palette"]


async def test_help_under_another_key_is_reached_while_typing() -> None:
    async with driven(keys={"help": ["?", "f8"]}) as app:
        await app.press("slash")
        assert await app.runs("f8") == ["help"]
        assert "F8 help" in app.shown


async def test_help_where_text_is_typed_lists_no_key_that_types() -> None:
    async with driven(size=(120, 40)) as app:
        await app.press("slash", "f1")
        assert isinstance(app.app.screen, Help)
        assert "screens" not in app.shown
        assert "Everywhere" not in app.shown


async def test_the_keys_beside_the_digits_turn_the_screens() -> None:
    async with driven() as app:
        await app.press("[")
        assert app.app.main_screen.tab == len(TABS) - 1
        await app.press("ctrl+tab", "right_square_bracket")
        assert app.app.main_screen.tab == 1


async def test_escape_returns_where_one_came_from() -> None:
    async with driven(size=(120, 40)) as app:
        await app.press("5", "enter")
        assert app.app.main_screen.tab == 0
        await app.press("escape")
        assert app.app.main_screen.tab == len(TABS) - 1
        await app.press("1", "escape")
        assert app.app.main_screen.tab == 0
        await app.press("2", "down", "e")
        assert app.app.main_screen.tab == 2
        await app.press("escape", "escape")
        assert app.app.main_screen.tab == 1


async def test_what_is_typed_at_once_after_a_tab_goes_to_it() -> None:
    async with driven() as app:
        for key in ("5", "/", "e", "x"):
            app.app.post_message(events.Key(textual_key(key), key))
        await app.settle()
        assert app.app.main_screen.tab == 4
        box = app.app.focused
        assert isinstance(box, Input)
        assert box.value == "ex"
