"""New secrets and the end of old ones, driven by keys: each is asked about with its consequence, and waits beside the rest."""

from keybound.custody.view_models.rotation import LoginAnswer
from keybound.domain.verdict.states import State
from support.sample_service import HOUR, NOW, OVERVIEW, SampleService
from support.tui import Driven, driven


async def stand(app: Driven, name: str) -> None:
    from keybound.tui.tokens.table import TokenTable

    app.app.main_screen.query_one(TokenTable).stand(name)
    await app.settle()


async def test_a_token_with_a_command_is_refreshed_by_it_or_by_a_typed_secret() -> None:
    async with driven() as app:
        await stand(app, "staging/artifacts")
        await app.press("r")
        assert app.dialog == "Renew"
        assert "Gets a new secret by ./mint" in app.shown
        assert "The old one is revoked by ./revoke, 1h after" in app.shown
        await app.press("enter")
        assert app.service.calls == [("renew", "staging/artifacts")]
        assert "staging/artifacts has a new secret from its command" in app.toasts
        await app.press("r", "tab", "enter")
        assert app.dialog == "Refresh"


async def test_a_token_of_oauth_that_is_not_logged_in_shows_the_code_and_waits() -> None:
    service = SampleService()
    service.rotation.answers = [LoginAnswer("", 0), LoginAnswer("staging/metrics is stored and active", 0)]
    async with driven(service) as app:
        await stand(app, "staging/metrics")
        await app.press("r")
        await app.until(lambda: "is stored and active" in " ".join(app.toasts))
        assert app.dialog == ""
        assert [call[0] for call in app.service.calls] == ["begin_login", "ask_login", "ask_login"]


async def test_a_login_that_is_left_stores_nothing() -> None:
    service = SampleService()
    async with driven(service) as app:
        await stand(app, "staging/metrics")
        await app.press("r")
        await app.until(lambda: "WDJB-MJHT" in app.shown)
        assert "https://auth.example.com/device" in app.shown
        await app.press("escape")
        assert app.dialog == ""
        assert app.toasts == []


async def test_revoke_asks_with_no_as_the_answer_of_enter() -> None:
    async with driven() as app:
        await stand(app, "staging/artifacts")
        await app.press("X")
        assert "It stops working everywhere, for good" in app.shown
        assert "It is revoked by ./revoke." in app.shown
        await app.press("enter")
        assert app.service.calls == []
        await app.press("X", "shift+tab", "enter")
        assert app.service.calls == [("revoke", "staging/artifacts")]


async def test_what_nothing_approved_can_revoke_is_said() -> None:
    async with driven() as app:
        await stand(app, "staging/github")
        await app.press("X")
        assert (app.dialog, app.service.calls) == ("", [])
        assert "nothing approved says how staging/github is revoked" in app.toasts[0]


async def test_the_calendar_says_what_needs_its_owner_and_what_happens_by_itself() -> None:
    async with driven() as app:
        await app.press("C")
        assert app.dialog == "DueSoon"
        shown = app.shown
        assert shown.index("Late") < shown.index("staging/registry") < shown.index("Within 7 days")
        assert "late    1 old secret to revoke" in shown
        assert "registry.npmjs.org answers 503" in shown
        assert "in 41d  refreshed by itself" in shown
        assert "needs a new secret" in shown
        await app.press("escape")
        assert app.dialog == ""


async def test_a_minted_token_gets_a_new_key_and_none_is_typed() -> None:
    first = OVERVIEW.tokens[0]
    minted = first._replace(kind="minted", rotation=first.rotation._replace(automatic=True))
    async with driven(SampleService(OVERVIEW._replace(tokens=(minted, *OVERVIEW.tokens[1:])))) as app:
        await stand(app, minted.id)
        await app.press("r")
        assert app.dialog == "Renew"
        assert "Signs by a new key from now on" in app.shown
        assert "Type one" not in app.shown


async def test_the_calendar_does_not_promise_a_refresh_that_would_not_help() -> None:
    first = OVERVIEW.tokens[0]
    fixed = first._replace(
        expires_at=NOW + HOUR, rotation=first.rotation._replace(automatic=True, by_itself=False), state=State.ACTIVE
    )
    async with driven(SampleService(OVERVIEW._replace(tokens=(fixed,)))) as app:
        await app.press("C")
        assert "1 of 1 needs you" in app.shown
        assert "needs a new secret" in app.shown


async def test_a_token_without_its_first_login_says_so() -> None:
    first = OVERVIEW.tokens[0]
    missing = first._replace(state=State.MISSING, rotation=first.rotation._replace(automatic=True, oauth=True))
    async with driven(SampleService(OVERVIEW._replace(tokens=(missing,)))) as app:
        await stand(app, missing.id)
        assert "r log in" in app.shown.splitlines()[-1]
        assert "add its secret" not in app.shown
        await app.press("question_mark")
        assert f"{missing.id} is missing" in app.shown


async def test_what_is_due_is_done_beside_the_screen_and_said() -> None:
    first = OVERVIEW.tokens[0]
    due = first._replace(rotation=first.rotation._replace(due=True))
    service = SampleService(OVERVIEW._replace(tokens=(due, *OVERVIEW.tokens[1:])))
    service.rotation.due = ("staging/deploy has a new secret from its command",)
    async with driven(service) as app:
        await app.until(lambda: app.toasts != [])
        assert ("do_due",) in service.calls
        assert app.toasts[0] == "staging/deploy has a new secret from its command"


async def test_a_new_secret_that_is_typed_is_made_on_its_providers_page() -> None:
    async with driven() as app:
        await stand(app, "staging/github")
        await app.press("r")
        await app.until(lambda: "Make a new one at https://github.com/settings/tokens" in app.shown)
        await app.press("tab", "tab", "enter")
        assert ("open_page", "https://github.com/settings/tokens") in app.service.calls
        await app.press("escape")
        await stand(app, "staging/cluster")
        await app.press("r")
        assert "Make a new one" not in app.shown
        assert "Open the page" not in app.shown


async def test_a_calendar_of_what_needs_its_owner_alone_promises_nothing_else() -> None:
    by_hand = tuple(token for token in OVERVIEW.tokens if not token.rotation.automatic)
    async with driven(SampleService(OVERVIEW._replace(tokens=by_hand))) as app:
        await app.press("C")
        assert "need you." in app.shown
        assert "happens by itself" not in app.shown
