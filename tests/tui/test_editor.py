"""The text of a profile: finding, what another program wrote under it, saving while leaving, room."""

import pytest

from keybound.tui.profile.editor import Editor
from keybound.tui.profile.find import next_place, places, previous_place
from keybound.tui.profile.together import same_row
from support.sample_service import TEXT, SampleService
from support.tui import Driven, driven


def editor(app: Driven) -> Editor:
    return app.app.main_screen.query_one(Editor)


async def changed_under(app: Driven, text: str) -> None:
    """Another program writes the file."""
    app.service.text = text
    app.app.look_again()
    await app.settle()


def test_places_are_found_whatever_their_case_and_round_and_round() -> None:
    found = places("Env and env\n[x]\nenv.y", "ENV")
    assert found == [(0, 0), (0, 8), (2, 0)]
    assert places("a[b", "[") == [(0, 1)]
    assert places("text", "") == []
    assert next_place(found, (0, 0)) == (0, 8)
    assert next_place(found, (2, 0)) == (0, 0)
    assert previous_place(found, (0, 8)) == (0, 0)
    assert previous_place(found, (0, 0)) == (2, 0)
    assert next_place([], (0, 0)) is None


def test_a_line_is_found_again_in_another_text() -> None:
    assert same_row("a\nb\nc", "new\na\nb\nc", 1) == 2
    assert same_row("a\nb\nc", "a\nc", 1) == 1
    assert same_row("a\nb\nc", "a\nX\nc", 1) == 1


async def test_a_word_is_found_and_n_goes_on() -> None:
    async with driven() as app:
        await app.press("3", "slash")
        await app.type("GRANTS")
        first = editor(app).selection
        assert editor(app).selected_text == "grants"
        await app.press("enter", "n")
        assert editor(app).has_focus
        assert editor(app).selection == first, "the only place"
        await app.press("slash", "ctrl+u")
        await app.type("repo:read")
        starts = []
        for key in ("down", "down", "up"):
            await app.press(key)
            starts.append(editor(app).selection.start)
        assert starts[0] < starts[1]
        assert starts[2] == starts[0]
        await app.press("escape")
        assert editor(app).has_focus
        assert not app.app.main_screen.query("#find:focus")
        assert app.app.main_screen.tab == 2, "esc closed the line, and nothing else"


async def test_what_another_program_wrote_elsewhere_comes_into_the_unsaved_text() -> None:
    async with driven() as app:
        await app.press("3", "enter", "end", "x")
        await changed_under(app, TEXT + "# theirs\n")
        first, rest = TEXT.split("\n", 1)
        assert editor(app).text == first + "x\n" + rest + "# theirs\n"
        assert editor(app).cursor_location == (0, len(first) + 1)
        assert any("together" in said for said in app.toasts)
        await app.press("ctrl+s")
        if app.dialog == "Confirm":
            await app.press("enter")
        assert app.service.text == editor(app).text, "the save is not refused"


@pytest.mark.parametrize(
    ("keys", "text", "modified"), [(("enter",), "x" + TEXT, True), (("tab", "enter"), "# theirs\n" + TEXT, False)]
)
async def test_the_same_lines_are_a_choice(keys: tuple[str, ...], text: str, modified: bool) -> None:
    async with driven() as app:
        await app.press("3", "enter", "x")
        await changed_under(app, "# theirs\n" + TEXT)
        assert editor(app).text == "x" + TEXT
        await app.press("ctrl+d")
        assert app.dialog == "Conflict"
        assert "- # theirs" in app.shown
        await app.press(*keys)
        assert editor(app).text == text
        assert ("modified" in app.shown) is modified


async def test_saving_over_another_programs_lines_asks_first() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x")
        await changed_under(app, "# theirs\n" + TEXT)
        await app.press("ctrl+s")
        assert app.dialog == "Conflict"
        await app.press("escape")
        assert app.did == []
        await app.press("ctrl+s", "enter")
        if app.dialog == "Confirm":
            await app.press("enter")
        assert app.service.text == "x" + TEXT


async def test_leaving_saves_where_that_is_chosen() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("3", "enter", "x", "escape", "q")
        assert app.dialog == "Leave"
        await app.press("escape")
        assert app.app.return_code is None
        await app.press("q", "tab", "tab", "enter")
        assert app.app.return_code is None, "stay"
        await app.press("q")
        await app.pilot.press("enter")
        await app.pilot.pause()
        while app.dialog == "Confirm":
            await app.pilot.press("enter")
            await app.pilot.pause()
        await app.until(lambda: app.app.return_code == 0)
    assert service.text == "x" + TEXT


@pytest.mark.parametrize(("width", "least"), [(120, 74), (200, 110)])
async def test_on_a_wide_terminal_the_text_has_room(width: int, least: int) -> None:
    async with driven(size=(width, 40)) as app:
        await app.press("3")
        await app.until(lambda: any(each.outer_size.width >= least for each in app.app.main_screen.query(Editor)))
