"""The first run: a store and a profile are asked for on the screen, and nothing is made before Enter."""

import asyncio
import threading

import pytest
from textual import events
from textual.widgets import Input

from keybound.custody.view_models.first_run import StoreChoice
from keybound.domain.errors import BadInputError, StoreAwayError, StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.tui.dialogs.start.first_run import FirstRun
from keybound.tui.dialogs.start.stores import Stores
from support.sample_service import OVERVIEW, SampleService
from support.tui import Driven, driven

BARE = OVERVIEW._replace(profiles=(), tokens=(), active="", store="no store", store_status="none")
NO_KEYRING = StoreChoice("", "there is no session bus", False, "~/store", False, "")


def bare(choice: StoreChoice | None = None) -> SampleService:
    service = SampleService(BARE)
    service.first_run.choice = choice or service.first_run.choice
    return service


async def looked(app: Driven) -> Driven:
    """Wait until it is known which stores there are."""
    assert app.dialog == "FirstRun"
    await app.until(lambda: bool(app.app.screen.query_one(Stores).kind))
    await app.settle()
    return app


async def made(app: Driven) -> None:
    await app.until(lambda: app.dialog != "FirstRun")
    await app.settle()


async def test_a_keyring_that_answers_takes_one_key() -> None:
    async with driven(bare()) as app:
        await looked(app)
        assert app.did == []
        assert "it answers" in app.shown
        assert "Passphrase" not in app.shown
        await app.press("enter")
        await made(app)
        assert app.service.calls == [("use_store", "keyring", 0), ("first_profile", "default")]
        assert app.dialog == "Welcome"
        assert "the OS keyring" in app.shown
        assert app.toasts == []


async def test_without_a_keyring_a_passphrase_is_typed_twice_and_its_strength_said() -> None:
    async with driven(bare(NO_KEYRING), size=(80, 24)) as app:
        await looked(app)
        assert "there is no session bus" in app.shown
        assert "~/store" in app.shown
        await app.press("enter")
        assert "an empty passphrase protects nothing" in app.shown
        await app.type("horse")
        assert "weak: it takes 3 hours to guess" in app.shown
        await app.type(" battery")
        assert "good: it takes years to guess" in app.shown
        await app.press("enter")
        await app.type("horse bakery")
        await app.press("enter")
        assert "the two are not the same" in app.shown
        assert app.did == []
        await app.type("horse battery")  # what was there is replaced
        await app.press("enter")
        await made(app)
        assert app.service.calls == [("use_store", "file", 13), ("first_profile", "default")]
        assert "horse" not in app.shown
        assert "encrypted files" in app.shown


async def test_the_other_store_is_one_key_away_and_the_profile_is_named() -> None:
    async with driven(bare()) as app:
        await looked(app)
        await app.press("down")
        assert "Passphrase" in app.shown
        await app.type("pw")
        await app.press("enter", "p", "w", "tab")
        await app.type("Work")
        await app.press("enter")
        assert "a name is 1 to 64 characters" in app.shown
        assert app.did == []
        await app.press("ctrl+u")
        await app.type("work")
        await app.press("enter")
        await made(app)
        assert app.service.calls == [("use_store", "file", 2), ("first_profile", "work")]


@pytest.mark.parametrize(
    "why", [StoreAwayError("the keyring did not keep what was written"), StoreLockedError("dismissed")]
)
async def test_a_keyring_that_refuses_leads_to_files(why: StoreAwayError) -> None:
    service = bare()
    service.first_run.refusal = why
    async with driven(service) as app:
        await looked(app)
        await app.press("enter")
        await app.until(lambda: app.app.screen.query_one(Stores).kind == "file")
        await app.settle()
        assert why.what in app.shown
        assert "encrypted files can" in app.shown
        service.first_run.refusal = None
        await app.type("pw")
        await app.press("enter", "p", "w", "enter")
        await made(app)
        assert app.service.calls[1:] == [("use_store", "file", 2), ("first_profile", "default")]


async def test_a_locked_keyring_says_who_asks() -> None:
    async with driven(bare(NO_KEYRING._replace(keyring="the keyring is locked", locked=True))) as app:
        await looked(app)
        assert "Enter has your system ask" in app.shown
        assert app.app.screen.query_one(Stores).kind == "keyring"


async def test_a_prompt_of_the_system_that_nobody_answers_keeps_nobody() -> None:
    asked, answer = threading.Event(), threading.Event()

    def wait(kind: str, passphrase: Secret) -> None:
        asked.set()
        assert answer.wait(20)
        raise StoreLockedError("the keyring's prompt was dismissed")

    service = bare(NO_KEYRING._replace(keyring="the keyring is locked", locked=True))
    service.first_run.use_store = wait  # type: ignore[method-assign]
    async with driven(service) as app:
        await looked(app)
        await app.press("enter")
        assert await asyncio.to_thread(asked.wait, 20)
        assert "up to 60 s" in app.said("#said")
        await app.press("escape")
        assert app.dialog == ""
        answer.set()
        await app.settle()
        assert app.did == []


async def test_what_the_environment_gives_is_not_asked_for() -> None:
    choice = NO_KEYRING._replace(fixed="file", given="KEYBOUND_PASSWORD_FILE")
    async with driven(bare(choice)) as app:
        await looked(app)
        assert "keyring" not in app.said("#stores")
        assert "comes from KEYBOUND_PASSWORD_FILE" in app.shown
        await app.press("enter")
        await made(app)
        assert app.service.calls[0] == ("use_store", "file", 0)


async def test_files_that_are_there_already_are_opened_by_one_passphrase() -> None:
    async with driven(bare(NO_KEYRING._replace(exists=True))) as app:
        await looked(app)
        assert "They are there already" in app.shown
        assert "Again" not in app.shown
        await app.type("pw")
        app.service.first_run.refusal = StoreLockedError("the passphrase is wrong")
        await app.press("enter")
        await app.until(lambda: "the passphrase is wrong" in app.shown)
        app.service.first_run.refusal = None
        await app.type("right")
        await app.press("enter")
        await made(app)
        assert app.service.calls[1] == ("use_store", "file", 5)


async def test_left_in_the_middle_nothing_is_made_and_the_keys_ask_again() -> None:
    async with driven(bare(NO_KEYRING)) as app:
        await looked(app)
        await app.type("secret words")
        await app.press("escape")
        assert (app.dialog, app.did) == ("", [])
        for key in ("i", "a", "L"):
            await app.press(key)
            assert app.dialog == "FirstRun", key
            assert all(not box.value for box in app.app.screen.query("#passphrase").results(Input))
            await app.press("escape")
        await app.press("a")
        await looked(app)
        await app.type("pw")
        await app.press("enter", "p", "w", "enter")
        await made(app)
        assert app.dialog == "AddToken"  # it goes on with what was asked for


async def test_the_next_start_goes_on_with_the_profile() -> None:
    async with driven(SampleService(OVERVIEW._replace(profiles=(), tokens=(), active=""))) as app:
        assert app.dialog == "FirstRun"
        assert "Tokens belong to a profile" in app.shown
        assert not app.app.screen.query(Stores)
        await app.press("enter")
        await made(app)
        assert (app.dialog, app.service.calls) == ("Welcome", [("first_profile", "default")])


async def test_a_profile_that_cannot_be_made_keeps_the_store() -> None:
    service = bare()

    def refuse(name: str = "") -> str:
        raise BadInputError(f"{name}: no room")

    good, service.first_run.first_profile = service.first_run.first_profile, refuse  # type: ignore[method-assign]
    async with driven(service) as app:
        await looked(app)
        await app.press("enter")
        await app.until(lambda: "no room" in app.shown)
        service.first_run.first_profile = good  # type: ignore[method-assign]
        await app.press("enter")
        await made(app)
        assert app.service.calls == [("use_store", "keyring", 0), ("first_profile", "default")]
        assert "the OS keyring" in app.shown


async def test_files_that_are_gone_are_said() -> None:
    service = SampleService(OVERVIEW._replace(store="file", store_status="none"))
    service.first_run.choice = NO_KEYRING._replace(fixed="file")
    async with driven(service) as app:
        await looked(app)
        assert "are gone" in app.shown
        assert isinstance(app.app.screen, FirstRun)


async def test_a_keyring_that_was_started_meanwhile_is_found() -> None:
    async with driven(bare(NO_KEYRING)) as app:
        await looked(app)
        app.service.first_run.choice = NO_KEYRING._replace(keyring="")
        await app.press("up")
        await app.until(lambda: "it answers" in app.shown)
        await app.press("enter")
        await made(app)
        assert app.service.calls[0] == ("use_store", "keyring", 0)


async def test_what_is_typed_ahead_of_enter_goes_to_the_second_field() -> None:
    async with driven(bare(NO_KEYRING), size=(80, 24)) as app:
        await looked(app)
        for key in (*"keen", "enter", *"keen"):
            app.app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await app.settle()
        assert [app.app.screen.query_one(f"#{name}", Input).value for name in ("passphrase", "again")] == ["keen"] * 2
