"""What was typed is kept until it is stored, or given up on purpose."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input

from keybound.custody.view_models.adding import NewToken
from keybound.custody.view_models.outcomes import Outcome
from keybound.domain.errors import BadInputError, KeyboundError, RefusedError, StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.tui.secrets import SecretInput
from support.sample_service import OVERVIEW, SampleService
from support.tui import Driven, driven


class Refusing(SampleService):
    """Refuses as often as it is told to; then it takes everything."""

    def __init__(self, fault: KeyboundError, times: int = 1) -> None:
        super().__init__()
        self.fault, self.times = fault, times

    def _did(self, *call: Any) -> Outcome:
        if self.times and call[0] != "unlock":
            self.times -= 1
            raise self.fault
        return super()._did(*call)


def secret(app: Driven) -> str:
    return app.app.screen.query_one(SecretInput).value


async def fill(app: Driven, ttl: str = "") -> None:
    await app.press("a")
    await app.type("not-a-secret")
    for name, text in (("name", "pkg"), ("env", "PKG_TOKEN"), ("ttl", ttl)):
        app.app.screen.query_one(f"#{name}", Input).value = text


@pytest.mark.parametrize(
    "fault",
    [
        RefusedError("staging/pkg already has a secret"),
        BadInputError("expected a value", where="staging.toml:3"),
        StoreLockedError("the file store is locked"),
    ],
)
async def test_a_refused_add_keeps_everything_and_stores_it_when_asked_again(fault: KeyboundError) -> None:
    async with driven(Refusing(fault)) as app:
        await fill(app)
        await app.press("ctrl+s")
        if app.dialog == "Unlock":
            await app.press("escape")
        assert app.dialog == "AddToken"
        assert secret(app) == "not-a-secret"
        await app.press("ctrl+s")
        assert app.dialog == ""
        new = app.service.calls[-1]
        assert (new[0], new[1].id, new[2]) == ("add", "staging/pkg", Secret("not-a-secret"))


async def test_a_store_that_is_locked_meanwhile_is_opened_over_the_dialog() -> None:
    class Locked(Refusing):
        """Was locked from elsewhere."""

        def _did(self, *call: Any) -> Outcome:
            self.view = OVERVIEW._replace(store_status="open" if call[0] == "unlock" else "locked")
            return super()._did(*call)

    async with driven(Locked(StoreLockedError("the keyring is locked"))) as app:
        await fill(app)
        await app.press("ctrl+s")
        assert app.dialog == "Unlock"
        await app.press("enter")
        await app.settle()
        assert app.did == ["unlock"]
        assert app.dialog == "AddToken"
        assert secret(app) == "not-a-secret"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"env": ""}, "which variable should it be exported as?"),
        ({"ttl": "30 days"}, "lifetime: '30 days' is not a duration"),
        ({"name": "No Name"}, "a name is 1 to 64"),
        ({"env": "PATH"}, "PATH"),
    ],
)
async def test_a_field_that_cannot_be_is_said_at_once_and_has_the_focus(change: dict[str, str], said: str) -> None:
    async with driven() as app:
        await fill(app)
        for name, text in change.items():
            app.app.screen.query_one(f"#{name}", Input).value = text
        await app.press("ctrl+s")
        assert app.did == []
        assert any(said in each for each in app.toasts)
        assert secret(app) == "not-a-secret"
        assert app.app.screen.focused is app.app.screen.query_one(f"#{next(iter(change))}", Input)


async def test_esc_in_the_boundarys_line_closes_that_line_alone() -> None:
    async with driven() as app:
        await fill(app)
        app.app.screen.query_one("#bounds").focus()
        await app.press("e")
        assert app.app.screen.query_one("#edit").has_focus
        await app.press("escape")
        assert app.dialog == "AddToken"
        assert not app.app.screen.query_one("#edit").display
        assert secret(app) == "not-a-secret"


@pytest.mark.parametrize("leave", ["escape", "ctrl+q"])
@pytest.mark.parametrize("key", ["a", "r"])
async def test_leaving_a_typed_secret_is_asked(key: str, leave: str) -> None:
    async with driven() as app:
        await app.press(key)
        await app.type("not-a-secret")
        await app.press(leave)
        assert app.dialog == "Confirm"
        await app.press("escape")
        assert secret(app) == "not-a-secret"
        await app.press("escape", "enter")
        assert app.dialog == ""
        assert app.did == []


async def test_a_refused_refresh_keeps_the_secret() -> None:
    async with driven(Refusing(RefusedError("staging/deploy is unapproved"))) as app:
        await app.press("r")
        await app.type("not-a-secret")
        await app.press("enter")
        assert app.dialog == "Refresh"
        assert secret(app) == "not-a-secret"
        await app.press("enter")
        assert app.service.calls == [("refresh", "staging/deploy", Secret("not-a-secret"))]


async def test_a_refused_binding_keeps_its_rule_and_leaving_it_is_asked() -> None:
    async with driven(Refusing(BadInputError("unknown rule equal"))) as app:
        app.canvas("#table").stand("staging/github")  # type: ignore[attr-defined]
        await app.press("b", "tab", "end")
        await app.type(" equal=1")
        written = app.app.screen.query_one("#rule", Input).value
        await app.press("enter")
        assert app.dialog == "Bind"
        await app.press("shift+tab", "down")
        assert app.app.screen.query_one("#rule", Input).value == written, "the list takes no rule written by hand away"
        await app.press("escape")
        assert app.dialog == "Confirm"


async def test_a_wrong_passphrase_stays_and_typing_replaces_it() -> None:
    class Wrong(SampleService):
        def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
            assert ask is not None
            self.calls.append(("unlock", ask("")))
            raise RefusedError("the passphrase is wrong")

    async with driven(Wrong(OVERVIEW._replace(store="file", store_status="locked"))) as app:
        await app.type("wrong")
        await app.press("enter")
        assert secret(app) == "wrong"
        await app.type("right")
        await app.press("enter")
        assert app.service.calls == [("unlock", Secret("wrong")), ("unlock", Secret("right"))]


async def test_storing_twice_at_once_stores_once() -> None:
    class Slow(SampleService):
        def add(self, new: NewToken, secret: Secret) -> Outcome:
            import time

            time.sleep(0.2)
            return super().add(new, secret)

    async with driven(Slow()) as app:
        await fill(app)
        await app.pilot.press("ctrl+s", "ctrl+s", "escape")
        await app.settle()
        assert app.did == ["add"]
        assert app.dialog == ""
