"""The application comes back as it was left: screen, order, filter, folds, cursor."""

import signal
import threading
from typing import Any

import pytest

from keybound.tui.map.pane import MapPane
from keybound.tui.profile.editor import Editor
from keybound.tui.tokens.table import TokenTable
from support.sample_service import SampleService
from support.tui import Driven, driven, sample_app


async def test_it_comes_back_as_it_was_left() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("s", "home", "enter", "slash")
        await app.type("git")
        await app.press("enter", "5", "q")
    async with driven(service) as app:
        assert app.app.main_screen.tab == 4
        await app.press("1")
        assert app.app.main_screen.query_one(TokenTable).has_focus
        assert "filter git" in app.shown
        assert "by name" in app.shown
        await app.press("escape")
        assert app.app.main_screen.query_one(TokenTable).folded == {"staging"}


async def test_the_map_comes_back_in_its_form_and_with_its_profile() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("2", "greater_than_sign", "m", "q")
        shown = app.app.main_screen.query_one(MapPane).profile
    async with driven(service) as app:
        pane = app.app.main_screen.query_one(MapPane)
        assert (pane.profile, pane.form.__name__) == (shown, "Matrix")
        assert shown != "staging"


async def test_a_signal_loses_none_of_it() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("3")
        app.app.end(128 + signal.SIGTERM)
    async with driven(service) as app:
        assert app.app.main_screen.query_one(Editor).has_focus


@pytest.mark.parametrize(
    "left",
    [
        {"tab": 3, "Tokens": []},
        {"tab": "No such", "Tokens": {"sort": 9, "folded": [{}], "filter": None, "cursor": "gone/gone"}},
        {"tab": "Profile", "Profile": {"profile": "gone"}},
    ],
)
async def test_what_cannot_be_taken_up_again_is_passed_over(left: dict[str, Any]) -> None:
    service = SampleService()
    service.left = left
    async with driven(service) as app:
        await app.press("1", "j")
        assert app.app.main_screen.query_one(TokenTable).cursor.startswith("staging/")
        assert not app.app.crash


async def test_the_theme_comes_back_where_none_is_asked_for() -> None:
    service = SampleService()
    async with driven(service) as app:
        app.app.use_theme("nord")
        await app.press("q")
    async with driven(service) as app:
        assert app.app.theme == "nord"
    async with driven(service, theme="dracula") as app:
        assert app.app.theme == "dracula"
    async with driven(service, theme="auto") as app:
        assert app.app.theme == "keybound-dark"


async def test_the_rows_in_view_are_shown_before_anything_is_read() -> None:
    service = SampleService()
    async with driven(service) as app:
        await app.press("j", "q")
    released = threading.Event()
    service.before_answer = released.wait  # type: ignore[assignment]
    async with sample_app(service).run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.2)
        app = Driven(pilot, service)
        assert not app.app.ready
        assert "deploy       DEPLOY_TOKEN" in app.shown
        assert "reading" in app.shown
        await pilot.press("x")
        await pilot.pause(0.1)
        assert service.calls == []
        released.set()
        await app.settle()
        assert app.app.main_screen.query_one(TokenTable).cursor == "staging/cluster"


@pytest.mark.parametrize("rows", [5, [5], [[5]], [[["x", "no-such-style"]]], [[["x\x1b[2J", "bold"]]], [[[1, 2]]]])
async def test_rows_that_are_none_of_ours_are_passed_over(rows: Any) -> None:
    service = SampleService()
    service.left = {"Tokens": {"rows": rows}}
    async with driven(service) as app:
        assert "\x1b" not in app.shown
        assert not app.app.crash


async def test_an_end_before_it_has_begun_forgets_nothing() -> None:
    service = SampleService()
    service.left = {"tab": "Map"}
    app = sample_app(service)
    async with app.run_test() as pilot:
        app.main_screen._view = None  # as it is until it is mounted
        app.end(129)
        await pilot.pause()
    assert service.left == {"tab": "Map"}
    assert app.return_code == 129
