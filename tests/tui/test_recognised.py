"""The add dialog fills in what a pasted secret tells, and ticks nothing that would be a guess."""

import asyncio
import time

from textual.widgets import Input

from keybound.custody.view_models.adding import NewToken, Recognised
from keybound.domain.text.secret import Secret
from keybound.tui.dialogs.bounds import Bounds
from keybound.tui.secrets import SecretInput
from support.sample_service import GITHUB, SampleService
from support.tui import Driven, driven

BROKEN = GITHUB._replace(
    words="checksum does not hold", fault="its checksum does not hold: it is mistyped or cut", asks=True
)
STAGING = "staging/github-2"


def service() -> SampleService:
    made = SampleService()
    made.known = {"good": GITHUB, "broken": BROKEN}
    return made


async def paste(app: Driven, text: str) -> None:
    app.app.screen.query_one(SecretInput).value = text
    for _ in range(20):  # what tells it begins once the change was heard of
        await app.settle()
        if app.said("#known"):
            return
        await asyncio.sleep(0.02)


def field(app: Driven, name: str) -> str:
    return app.app.screen.query_one(f"#{name}", Input).value


def bounds(app: Driven) -> Bounds:
    return app.app.screen.query_one(Bounds)


async def test_a_pasted_secret_is_the_whole_of_it() -> None:
    async with driven(service()) as app:
        await app.press("a")
        assert bounds(app).bound == set()  # which setting it depends on would be a guess
        await paste(app, "good")
        assert "● GitHub: personal access token (classic) checksum holds" in " ".join(app.said("#known").split())
        assert "expires 2027-01-31 00:00 UTC" in app.said("#known")
        assert [field(app, name) for name in ("name", "env", "kind", "scopes")] == [
            "github-2",
            "GH_TOKEN",
            "github",
            "repo:read",
        ]
        assert [offer.key for offer in bounds(app).offers[:2]] == ["gh:host", "cwd"]
        assert bounds(app).bound == {"gh:host"}
        await app.press(*["tab"] * 6)
        assert app.said("#hint") == "gh sends it to this host"
        await app.press("ctrl+s")
        new = NewToken(
            STAGING, ("GH_TOKEN",), "github", ("repo:read",), "", ('gh:host outside=suspend equals="github.com"',)
        )
        assert app.service.calls == [("add", new, Secret("good"))]


async def test_what_was_written_or_chosen_stays() -> None:
    async with driven(service()) as app:
        await app.press("a", "tab")
        await app.type("mine")
        await app.press(*["tab"] * 5, "space")
        chosen = set(bounds(app).bound)
        await paste(app, "good")
        assert (field(app, "name"), field(app, "env")) == ("mine", "GH_TOKEN")
        assert bounds(app).bound == chosen | {"gh:host"}


async def test_another_secret_takes_back_what_was_filled_in() -> None:
    async with driven(service()) as app:
        await app.press("a")
        before = [offer.key for offer in bounds(app).offers]
        await paste(app, "good")
        await paste(app, "something else")
        assert [field(app, name) for name in ("name", "env", "kind", "scopes")] == ["", "", "", ""]
        assert [offer.key for offer in bounds(app).offers] == before
        assert bounds(app).bound == set()
        assert not app.app.screen.query_one("#known").display


async def test_a_checksum_that_fails_is_asked_about() -> None:
    async with driven(service()) as app:
        await app.press("a")
        await paste(app, "broken")
        assert "mistyped or cut" in app.said("#known")
        await app.press("ctrl+s")
        assert app.dialog == "Warned"
        assert "its checksum does not hold: it is mistyped or cut" in app.shown
        await app.press("escape")
        assert (app.dialog, app.did) == ("AddToken", [])
        await app.press("ctrl+s", "shift+tab", "enter")
        assert app.did == ["add"]


async def test_a_variable_is_asked_for_where_none_is_known() -> None:
    async with driven(service()) as app:
        app.service.known["bare"] = GITHUB._replace(env=())
        await app.press("a")
        await paste(app, "bare")
        await app.press("ctrl+s")
        assert any("which variable" in said for said in app.toasts)
        assert (app.dialog, app.did) == ("AddToken", [])


async def test_a_bad_entry_of_ones_own_is_said_once() -> None:
    async with driven(service()) as app:
        await app.press("a")
        for text in ("good", "x", "good"):
            await paste(app, text)
        assert app.toasts.count("bad.toml:1:1: name is missing") == 1


async def test_enter_goes_to_what_is_missing_and_stores_once_nothing_is() -> None:
    async with driven() as app:
        await app.press("a")
        await app.type("not-a-secret")
        await app.press("enter")
        assert app.app.focused is not None
        assert app.app.focused.id == "name"
        await app.type("Pkg")
        await app.press("enter")
        assert (app.app.focused.id, app.did) == ("name", [])
        assert app.toasts != []
        await app.press("ctrl+u")
        await app.type("pkg")
        await app.press("enter")
        assert (app.app.focused.id, len(app.toasts)) == ("env", 1)
        await app.type("PKG_TOKEN")
        await app.press("enter")
        assert app.did == ["add"]


async def test_what_a_paste_fills_in_is_stored_by_one_enter() -> None:
    class Slow(SampleService):
        def recognise(self, profile: str, secret: Secret, near: str) -> Recognised:
            time.sleep(0.3)
            return super().recognise(profile, secret, near)

    service = Slow()
    service.known["s"] = GITHUB._replace(asks=False, fault="")
    async with driven(service) as app:
        await app.press("a")
        await app.pilot.press("s", "enter")  # before it is recognised
        await app.until(lambda: "add" in app.did)
        assert app.service.calls[-1][1].env == GITHUB.env
