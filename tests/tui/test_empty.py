"""Every empty screen says what goes there, with the key that makes it; the keys work, or say why they cannot."""

import pytest

from keybound.custody.view_models.overview import Overview
from keybound.tui.profile.editor import Editor
from keybound.tui.tokens.table import TokenTable
from support.sample_service import OVERVIEW, SampleService
from support.tui import Driven, driven

NO_TOKEN = OVERVIEW._replace(tokens=())
NO_PROFILE = NO_TOKEN._replace(profiles=(), active="")
HOMES = {
    "no store": (NO_PROFILE._replace(store="no store", store_status="none"), "No store yet.", "L choose where"),
    "no profile": (NO_PROFILE, "No profile yet.", "p make the first one"),
    "no token": (NO_TOKEN, "No token yet.", "a add one   i take in the plain ones"),
    "the profile in use is gone": (NO_TOKEN._replace(active="gone"), "No token yet.", "p choose the profile"),
    "no profile in use": (NO_TOKEN._replace(active=""), "No token yet.", "p choose the profile"),
}


class Empty(SampleService):
    """Nothing has happened yet."""

    def journal(self, limit: int, token: str = "") -> list[object]:  # type: ignore[override]
        return []


async def away(app: Driven) -> Driven:
    """Without the dialog that begins."""
    await app.until(lambda: app.dialog != "")
    await app.press("escape")
    assert app.dialog == ""
    return app


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize("home", HOMES)
async def test_each_screen_says_what_is_lacking_and_the_key(home: str, size: tuple[int, int]) -> None:
    view, what, key = HOMES[home]
    async with driven(Empty(view), size=size) as app:
        await away(app)
        for tab in "1245" if view.profiles else "12345":
            await app.press(tab)
            assert what in app.shown, tab
            assert key in app.shown, tab
        assert ".toml" not in app.shown


@pytest.mark.parametrize("key", ["a", "i", "p", "e"])
async def test_a_key_that_needs_a_profile_asks_for_the_first_one_and_goes_on(key: str) -> None:
    async with driven(Empty(NO_PROFILE)) as app:
        await away(app)
        await app.press(key)
        assert app.dialog == "FirstRun"
        await app.press("enter")
        await app.until(lambda: app.dialog != "FirstRun")
        await app.settle()
        after = {"a": "AddToken", "i": "ImportPlain"}.get(key, "")
        assert (app.dialog, app.did[0]) == (after, "first_profile")
        if key == "e":
            assert app.app.main_screen.query_one(Editor).has_focus


@pytest.mark.parametrize("home", HOMES)
async def test_a_key_that_needs_a_token_says_the_key_that_makes_one(home: str) -> None:
    view, what, key = HOMES[home]
    async with driven(Empty(view)) as app:
        await away(app)
        for each in ("b", "r", "x", "v"):
            await app.press(each)
        assert set(app.toasts) == {f"{what} {key}" if home == "no profile" else app.toasts[0]}
        assert app.toasts[0].startswith(f"{what} {key}")


@pytest.mark.parametrize("active", ["", "gone"])
async def test_where_no_profile_is_in_use_the_profiles_are_shown(active: str) -> None:
    async with driven(SampleService(OVERVIEW._replace(active=active))) as app:
        app.app.main_screen.query_one(TokenTable).cursor = ""
        await app.press("i")
        assert app.dialog == "Switch"
        assert app.toasts == ["no profile is in use: choose one"]


async def test_no_profile_is_no_text_and_the_first_one_is() -> None:
    service = Empty(NO_PROFILE)
    async with driven(service) as app:
        await away(app)
        await app.press("3", "ctrl+s", "enter", "x")
        assert not app.app.main_screen.query_one(Editor).display
        assert "A profile is a file with your settings" in app.shown
        service.view = NO_TOKEN
        app.app.look_again()
        await app.settle()
        assert "staging.toml" in app.shown
        assert app.app.main_screen.query_one(Editor).has_focus


async def test_the_profile_in_use_has_its_heading_where_others_have_tokens() -> None:
    others = tuple(token for token in OVERVIEW.tokens if token.profile != "staging")
    async with driven(SampleService(OVERVIEW._replace(tokens=others, active="staging"))) as app:
        assert "no token yet: a adds one" in app.shown


@pytest.mark.parametrize("view", [OVERVIEW, OVERVIEW._replace(tokens=(), orphans=("staging/old",))])
async def test_a_home_with_tokens_lacks_nothing(view: Overview) -> None:
    async with driven(SampleService(view)) as app:
        assert "yet." not in app.shown
