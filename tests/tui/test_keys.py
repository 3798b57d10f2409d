"""Each key in the footer does something, and each action stands in footer, palette and help."""

import pytest

from keybound.tui.dialogs.help import Help
from keybound.tui.frame.actions import ACTIONS, OUTSIDE_ONLY
from keybound.tui.profile.editor import Editor
from keybound.tui.tokens.table import TokenTable
from support.tui import Driven, driven

PLACES = {
    "tokens": (),
    "group": ("up",),
    "detail": ("enter",),
    "filter": ("slash",),
    "map": ("2",),
    "map token": ("2", "down", "right"),
    "matrix": ("2", "m"),
    "map focus": ("2", "down", "f"),
    "map overview": ("2", "O"),
    "map search": ("2", "slash"),
    "editor": ("3",),
    "typing": ("3", "enter"),
    "switches": ("3", "f6"),
    "plan": ("3", "f6", "f6"),
    "drift": ("4",),
    "journal": ("5",),
}
WIDE = (400, 40)


def bound_keys(app: Driven) -> set[str]:
    return set(app.app.screen.active_bindings)


def palette(app: Driven) -> set[str]:
    return {command.title.lower() for command in app.app.get_system_commands(app.app.screen)}


@pytest.mark.parametrize("place", PLACES)
async def test_a_key_in_the_footer_is_bound_here_and_its_action_is_in_palette_and_help(place: str) -> None:
    async with driven(size=WIDE) as app:
        await app.press(*PLACES[place])
        screen = app.app.main_screen
        hints, commands = screen.hints(), palette(app)
        assert [hint for hint in hints if (hint.key or hint.shown) not in bound_keys(app)] == []
        titles = {each.key: each.title.lower() for each in ACTIONS}
        own = [hint for hint in hints if hint.word not in ("help", "palette")]
        assert [hint for hint in own if titles.get(hint.key or hint.shown, hint.word.lower()) not in commands] == []
        await app.press("f1")
        assert isinstance(app.app.screen, Help)
        assert [hint.word for hint in own if hint.word not in app.shown] == []


async def test_every_action_is_in_the_footer_where_there_is_room() -> None:
    async with driven(size=WIDE) as app:
        shown = {hint.key for hint in app.app.main_screen.hints()} | {h.shown for h in app.app.main_screen.hints()}
        assert [each.name for each in ACTIONS if each.key not in shown] == []
        app.app.main_screen.query_one(TokenTable).stand("staging/github")
        await app.settle()
        words = {hint.word for hint in app.app.main_screen.hints()}
        assert words.isdisjoint({each.word for each in ACTIONS if each.name in OUTSIDE_ONLY})


async def test_a_command_of_the_palette_presses_the_key_on_the_screen_below() -> None:
    async with driven() as app:
        await app.press("2")
        await app.press("ctrl+p")
        await app.type("matrix")
        await app.pilot.pause(0.5)
        await app.press("enter")
        await app.pilot.pause(0.3)
        assert "12 keys × 6 tokens" in app.shown


async def test_quitting_by_ctrl_q_asks_about_unsaved_text() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x", "ctrl+q")
        assert app.dialog == "Leave"
        await app.press("escape")
        assert app.app.main_screen.query_one(Editor).text.startswith("x")
