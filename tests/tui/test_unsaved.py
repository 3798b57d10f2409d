"""Unsaved text of a profile: never lost unasked, and there again at the next start."""

import pytest

from keybound.custody.view_models.outcomes import Outcome
from keybound.custody.view_models.plans import SavedDraft
from keybound.domain.errors import UnavailableError
from keybound.tui.profile.editor import Editor
from keybound.tui.profile.pane import PAUSE
from support.sample_service import NOW, OVERVIEW, TEXT, SampleService
from support.tui import Driven, driven

NOTHING = OVERVIEW._replace(profiles=(), tokens=(), active="")
KEPT = SavedDraft("staging", "# mine\n" + TEXT, TEXT, NOW - 600)


def editor(app: Driven) -> Editor:
    return app.app.main_screen.query_one(Editor)


async def rest(app: Driven) -> None:
    await app.pilot.pause(PAUSE + 0.1)
    await app.settle()


async def test_the_file_vanishes_nothing_lies_over_the_text_and_quitting_asks() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("3", "enter", "x")
        service.view = NOTHING
        app.app.look_again()
        await app.settle()
        assert app.dialog == "", "no Welcome over unsaved text"
        assert "its file is gone" in app.shown
        await app.press("escape", "escape", "q")
        assert app.dialog == "Leave"
        assert "staging.toml has unsaved changes: 1 line." in app.shown
        await app.press("escape", "3")
        assert editor(app).text == "x" + TEXT


async def test_text_whose_file_is_gone_is_saved_as_a_new_one() -> None:
    saves: list[str | None] = []

    class Gone(SampleService):
        def save_text(self, profile: str, text: str, expected: str | None) -> Outcome:
            saves.append(expected)
            return Outcome(True, "saved")

    service = Gone()
    async with driven(service) as app:
        await app.press("3", "enter", "x")
        service.view = NOTHING
        app.app.look_again()
        await app.settle()
        await app.press("ctrl+s")
        assert saves == [None]


@pytest.mark.parametrize("way", ["q", "ctrl+q"])
async def test_quitting_from_another_tab_asks_and_giving_up_forgets(way: str) -> None:
    async with driven() as app:
        await app.press("3", "enter", "x")
        await rest(app)
        assert app.service.kept["staging"].text == "x" + TEXT
        await app.press("escape", "2", way)
        assert app.dialog == "Leave"
        await app.pilot.press("tab", "enter")
        await app.pilot.pause()
        assert app.service.kept == {}
    assert app.app.return_code == 0


async def test_welcomes_q_asks_too() -> None:
    service = SampleService(NOTHING)
    service.kept["new"] = SavedDraft("new", "schema = 1\n", None, NOW)
    async with driven(service) as app:
        assert app.dialog == "UnsavedText"
        await app.press("enter")
        assert editor(app).text == "schema = 1\n"
        assert app.dialog == ""


async def test_what_was_kept_is_offered_and_opened_unsaved() -> None:
    service = SampleService()
    service.kept["staging"] = KEPT
    async with driven(service, size=(80, 24)) as app:
        assert "staging.toml has unsaved edits" in app.shown
        await app.press("enter")
        assert editor(app).text == KEPT.text
        assert "modified" in app.shown
        assert app.toasts == []
        await app.press("ctrl+s")
        await app.settle()
        assert service.text == KEPT.text
        assert service.kept == {}


async def test_a_file_that_changed_since_is_said() -> None:
    service = SampleService()
    service.text = TEXT + "# theirs\n"
    service.kept["staging"] = KEPT
    async with driven(service) as app:
        await app.press("enter")
        assert any("changed since" in said for said in app.toasts)


async def test_what_was_kept_can_be_thrown_away_or_left_for_later() -> None:
    service = SampleService()
    service.kept["staging"] = KEPT
    async with driven(service) as app:
        await app.press("escape")
        assert service.kept == {"staging": KEPT}
        assert app.dialog == ""
    async with driven(service) as app:
        await app.press("tab", "enter")
        assert service.kept == {}


async def test_taking_the_edit_back_forgets_what_was_kept() -> None:
    async with driven() as app:
        await app.press("3", "enter", "x")
        await rest(app)
        await app.press("backspace")
        await rest(app)
        assert app.service.kept == {}


async def test_a_signal_keeps_what_was_typed_a_moment_ago() -> None:
    async with driven() as app:
        await app.press("3", "enter")
        await app.pilot.press("x")
        app.app.end(129)
        await app.pilot.pause()
    assert app.service.kept["staging"].text == "x" + TEXT


async def test_text_that_cannot_be_kept_is_said_once() -> None:
    class Full(SampleService):
        def keep_draft(self, profile: str, text: str, base: str | None) -> None:
            raise UnavailableError("no space left")

    async with driven(Full()) as app:
        await app.press("3", "enter", "x")
        await rest(app)
        await app.press("y")
        await rest(app)
        assert [said for said in app.toasts if "cannot keep" in said] == [
            "cannot keep unsaved text for the next start: no space left"
        ]
