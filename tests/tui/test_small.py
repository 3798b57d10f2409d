"""The smallest terminal on which all can be used: every field and button comes into view; below that a line says so."""

import pytest
from textual.widget import Widget
from textual.widgets import Button, Input

from keybound.tui.frame.footer import too_small
from keybound.tui.frame.tabs import tab_names
from support.tui import Driven, driven

SIZE = (60, 15)
DIALOGS = ("a", "b", "w", "i", "p", "A", "r", "x", "D", "question_mark", "C", "N", "M", "K", "F")


def in_view(app: Driven, widget: Widget) -> bool:
    """Whether all of it lies in the box, and the box on the screen."""
    box, shown = app.app.screen.query_one("#box").region, widget.region
    return (
        shown.width >= 6
        and shown.height >= 1
        and box.contains_region(shown)
        and app.app.screen.region.contains_region(box)
    )


@pytest.mark.parametrize("key", DIALOGS)
@pytest.mark.parametrize("size", [SIZE, (70, 15), (80, 15)])
async def test_whatever_takes_the_focus_is_in_view(key: str, size: tuple[int, int]) -> None:
    async with driven(size=size) as app:
        await app.press(key)
        assert app.dialog
        wanted = [
            each
            for each in app.app.screen.query(Widget)
            if isinstance(each, Input | Button) and each.focusable and each.display
        ]
        for each in wanted:
            each.focus(scroll_visible=True)
            await app.until(lambda each=each: in_view(app, each))  # type: ignore[misc]


@pytest.mark.parametrize("key", ["A", "x", "D"])
async def test_the_answer_that_enter_gives_is_in_view_at_once(key: str) -> None:
    async with driven(size=SIZE) as app:
        await app.press(key)
        assert isinstance(app.app.focused, Button)
        assert in_view(app, app.app.focused)


@pytest.mark.parametrize("name", tab_names())
async def test_every_screen_has_room_for_its_list(name: str) -> None:
    async with driven(size=SIZE) as app:
        await app.press(str(tab_names().index(name) + 1))
        assert app.app.focused is not None
        assert app.app.focused.region.height >= 6
        assert app.app.screen.region.contains_region(app.app.focused.region)
        assert "palette" in app.shown.split("\n")[-1]


@pytest.mark.parametrize("size", [(59, 15), (60, 14), (40, 12)])
async def test_a_smaller_one_is_told_so(size: tuple[int, int]) -> None:
    async with driven(size=size) as app:
        for key in "12345":
            await app.press(key)
            assert f"{size[0]}x{size[1]} is too small" in app.shown.split("\n")[-1]
        await app.pilot.resize_terminal(*SIZE)
        await app.settle()
        assert "too small" not in app.shown


def test_the_line_says_what_is_needed() -> None:
    assert too_small(59, 30) == " 59x30 is too small: 60x15 is needed"
    assert too_small(60, 15) == ""


@pytest.mark.parametrize("keys", [("a",), ("b",), ("w",), ("r",), ("slash",), ("2", "slash"), ("5", "slash")])
async def test_another_size_keeps_what_was_typed(keys: tuple[str, ...]) -> None:
    async with driven(size=(120, 40)) as app:
        await app.press(*keys)
        fields = [each for each in app.app.screen.query(Input) if each.display and each.focusable]
        for at, field in enumerate(fields):
            field.value = f"{field.value}x{at}"
        fields[-1].focus()
        await app.settle()
        typed = [field.value for field in fields]
        assert typed[0]
        for size in (SIZE, (80, 24), (40, 12), (200, 60)):
            await app.pilot.resize_terminal(*size)
            await app.settle()
            assert [field.value for field in app.app.screen.query(Input) if field in fields] == typed
            assert app.app.focused is fields[-1]
