"""Profiles made, copied, renamed, removed and given a parent by keys; the consequences come first."""

import pytest
from textual.widgets import Input

from keybound.tui.dialogs.switch import Profiles
from keybound.tui.tokens.table import TokenTable
from support.sample_service import SampleService
from support.tui import Driven, driven


async def at(app: Driven, name: str) -> None:
    """Open the profiles, with the cursor on one."""
    await app.press("p")
    await app.until(lambda: app.dialog == "Switch")
    app.app.screen.query_one(Profiles).stand(name)
    await app.settle()


async def comes(app: Driven, dialog: str) -> None:
    await app.until(lambda: app.dialog == dialog)
    await app.settle()


def names(app: Driven) -> set[str]:
    return set(app.app.screen.query_one(Profiles).names)


async def test_one_is_made_below_a_parent_and_listed() -> None:
    async with driven() as app:
        await at(app, "prod")
        await app.press("plus")
        await comes(app, "ProfileForm")
        await app.press("enter")
        assert "a name is 1 to 64 characters" in app.shown
        await app.type("prod")
        assert "there is a profile prod already" in app.shown
        await app.type("-eu")
        await app.press("tab")
        await app.type("nowhere")
        await app.press("enter")
        assert "no profile nowhere; there are 5 other profiles" in app.shown
        assert app.did == []
        await app.press("ctrl+u")
        await app.type("base")
        await app.press("enter")
        await comes(app, "Switch")
        assert app.service.calls == [("create", "prod-eu", "base")]
        await app.until(lambda: "prod-eu" in names(app))


async def test_a_copy_says_that_no_secret_goes_along() -> None:
    async with driven() as app:
        await at(app, "ci-local")
        await app.press("c")
        await comes(app, "ProfileForm")
        assert "No secret is copied" in app.shown
        await app.type("ci")
        await app.press("enter")
        await comes(app, "Switch")
        assert app.service.calls == [("copy_profile", "ci-local", "ci")]


async def test_a_rename_names_what_moves_and_who_extends_it() -> None:
    async with driven() as app:
        await at(app, "ci-local")
        await app.press("f2")
        await comes(app, "ProfileForm")
        for said in ("ci-local/registry", "secrets and states move along", "Rules of config.toml are rewritten"):
            assert said in app.said("#why")
        await app.press("enter")  # the name that it has
        await comes(app, "Switch")
        assert app.did == []
        await app.press("f2")
        await comes(app, "ProfileForm")
        await app.press("ctrl+u")
        await app.type("ci")
        await app.press("enter")
        await comes(app, "Switch")
        assert app.service.calls == [("rename", "ci-local", "ci")]
        await app.until(lambda: "ci-local" not in names(app))


async def test_a_rename_of_a_parent_says_who_follows() -> None:
    async with driven() as app:
        await at(app, "base")
        await app.press("f2")
        await comes(app, "ProfileForm")
        assert "It has no tokens. staging and prod will extend the new name." in app.said("#why")


async def test_a_removal_names_what_is_lost_and_enter_is_no() -> None:
    async with driven() as app:
        await at(app, "ci-local")
        await app.press("D")
        await comes(app, "Warned")
        for token in ("registry", "sonar", "sentry"):
            assert f"ci-local/{token}" in app.shown
        assert "3 secrets are deleted for good" in app.shown
        await app.press("enter")
        await comes(app, "Switch")
        assert app.did == []
        await app.press("D")
        await comes(app, "Warned")
        await app.press("shift+tab", "enter")
        await comes(app, "Switch")
        assert app.service.calls == [("remove_profile", "ci-local")]
        await app.until(lambda: "ci-local" not in names(app))
        assert not any("expired" in said for said in app.toasts)


async def test_a_parent_is_not_removed() -> None:
    async with driven() as app:
        await at(app, "base")
        await app.press("D")
        assert (app.dialog, app.did) == ("Switch", [])
        assert app.toasts == ["staging and prod extend base: change or remove that first"]


async def test_a_parent_is_changed_through_its_plan() -> None:
    async with driven() as app:
        await at(app, "staging")
        await app.press("I")
        await comes(app, "ProfileForm")
        box = app.app.screen.query_one("#field-0", Input)
        assert box.value == "base"
        await app.type("staging")
        assert "no profile staging" in app.shown
        await app.press("ctrl+u")
        await app.type("prod")
        await app.press("enter")
        await comes(app, "Confirm")
        assert "Let staging extend prod?" in app.shown
        assert "No token changes its state or scopes." in app.shown
        await app.press("enter")
        await comes(app, "Switch")
        assert app.did == ["save_text"]
        assert 'extends = "prod"' in app.service.text


async def test_the_same_parent_changes_nothing() -> None:
    async with driven() as app:
        await at(app, "staging")
        await app.press("I")
        await comes(app, "ProfileForm")
        await app.press("enter")
        await comes(app, "Switch")
        assert app.did == []


async def test_a_heading_opens_the_profiles_at_it() -> None:
    async with driven() as app:
        app.app.main_screen.query_one(TokenTable).stand("personal/")
        await app.press("p")
        assert app.app.screen.query_one(Profiles).cursor == "personal"
        await app.press("escape")
        app.app.main_screen.query_one(TokenTable).stand("personal/npm")
        await app.press("p")
        assert app.app.screen.query_one(Profiles).cursor == "ci-local"  # of a token: another than the one in use


async def test_e_edits_and_escape_closes_the_line_first() -> None:
    async with driven() as app:
        await at(app, "prod")
        await app.press("slash", "z", "z", "z")
        assert "no matching profile" in app.shown
        await app.press("escape")
        assert (app.dialog, "prod" in app.shown) == ("Switch", True)
        app.app.screen.query_one(Profiles).stand("prod")
        await app.press("e")
        await app.until(lambda: app.app.main_screen.tab == 2)
        await app.until(lambda: "prod.toml" in app.shown)


@pytest.mark.parametrize("key", ["c", "f2", "I", "D"])
async def test_each_is_left_with_nothing_done(key: str) -> None:
    async with driven(SampleService()) as app:
        await at(app, "personal")
        await app.press(key)
        await app.until(lambda: app.dialog not in ("Switch", ""))
        await app.press("escape")
        await comes(app, "Switch")
        await app.press("escape")
        assert (app.dialog, app.did) == ("", [])
