"""Several tokens: marks act where they are seen, one question names all, one message says what became of them."""

import pytest

from keybound.custody.view_models.outcomes import Done
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import TALLEST, outcome_lines
from keybound.tui.tokens.table import TokenTable
from keybound.tui.watching import changes
from keybound.tui.words import named
from support.sample_service import OVERVIEW, SampleService, token
from support.tui import Driven, driven

MANY = OVERVIEW._replace(
    tokens=tuple(token(f"staging/t{at:03}", f"T_{at}", State.ACTIVE, bounds=()) for at in range(100))
)


def table(app: Driven) -> TokenTable:
    return app.app.main_screen.query_one(TokenTable)


@pytest.mark.parametrize(
    ("key", "did"), [("y", ("copy", "staging/github", "secret")), ("v", ("reveal", "staging/github"))]
)
async def test_what_is_done_to_one_is_done_to_the_one_under_the_cursor(key: str, did: tuple[str, str]) -> None:
    async with driven() as app:
        table(app).stand("staging/cluster")
        await app.press("space")
        table(app).stand("staging/github")
        await app.press(key)
        assert app.service.calls == [did]


@pytest.mark.parametrize(("key", "dialog"), [("r", "Refresh staging/github"), ("b", "Bind staging/github")])
async def test_a_dialog_for_one_is_for_the_one_under_the_cursor(key: str, dialog: str) -> None:
    async with driven() as app:
        table(app).stand("staging/cluster")
        await app.press("space")
        table(app).stand("staging/github")
        await app.press(key)
        assert dialog in app.shown


async def test_a_mark_that_the_filter_hides_does_not_act() -> None:
    async with driven() as app:
        table(app).stand("staging/cluster")
        await app.press("space", "slash")
        await app.type("sentry")
        assert "1 selected but hidden" in app.shown
        await app.press("enter", "D")
        assert "Remove ci-local/sentry?" in app.shown
        assert "staging/cluster" not in app.shown
        await app.press("tab", "enter")
        assert app.service.calls == [("remove", "ci-local/sentry")]


async def test_a_mark_that_is_folded_away_does_not_act() -> None:
    async with driven() as app:
        table(app).stand("staging/cluster")
        await app.press("space")
        table(app).stand("staging/")
        await app.press("enter")
        table(app).stand("prod/github")
        await app.press("x", "enter")
        assert app.service.calls == [("expire", "prod/github")]


async def test_marking_a_group_marks_what_is_seen_of_it() -> None:
    async with driven() as app:
        await app.press("slash")
        await app.type("github")
        await app.press("enter")
        table(app).stand("prod/")
        await app.press("space")
        assert table(app).picked == {"prod/github"}


async def test_marks_end_with_the_action_and_stay_where_it_is_declined() -> None:
    async with driven() as app:
        await app.press("space", "space", "x", "escape")
        assert table(app).picked == {"staging/deploy", "staging/cluster"}
        await app.press("x", "enter")
        assert table(app).picked == set()


async def test_the_question_names_every_token() -> None:
    async with driven(SampleService(MANY), size=(80, 24)) as app:
        table(app).stand("staging/")
        await app.press("space", "D")
        assert "Remove 100 tokens?" in app.shown
        seen = app.shown
        for _ in range(12):
            await app.press("pagedown")
            seen += app.shown
        assert [at for at in range(100) if f"t{at:03}" not in seen] == []


async def test_approving_a_hundred_is_one_question_one_call_and_one_message() -> None:
    async with driven(SampleService(MANY)) as app:
        table(app).stand("staging/")
        await app.press("space", "A")
        assert "Approve 100 tokens?" in app.shown
        await app.press("enter")
        assert len(app.service.calls) == 1
        assert len(app.service.calls[0]) == 101
        assert app.toasts == ["staging/t000, staging/t001 and 98 more are approved"]
        assert app.dialog == ""


async def test_a_hundred_changes_are_one_message_and_the_history_has_it() -> None:
    service = SampleService(MANY)
    async with driven(service) as app:
        why = "flags.x is true, bound to false"
        fallen = [each._replace(state=State.EXPIRED, why=why) for each in MANY.tokens[:97]]
        others = [each._replace(state=State.SUSPENDED, why=f"file {each.name} moved") for each in MANY.tokens[97:]]
        service.view = MANY._replace(tokens=(*fallen, *others))
        await app.press("R")
        first = f"staging/t000, staging/t001 and 95 more expired: {why}"
        assert [said.split("\n")[0] for said in app.toasts] == [first]
        await app.press("M")
        assert app.dialog == "Messages"
        assert "file t099 moved" in app.shown
        await app.press("escape")
        assert app.dialog == ""


async def test_a_message_is_no_taller_than_it_may_be() -> None:
    service = SampleService(MANY)
    async with driven(service) as app:
        service.view = MANY._replace(
            tokens=tuple(each._replace(state=State.SUSPENDED, why=f"why {each.name}") for each in MANY.tokens)
        )
        await app.press("R")
        assert len(app.toasts) == 1
        assert app.toasts[0].split("\n")[TALLEST:] == [f"{100 - TALLEST} lines more: M"]


async def test_what_our_own_action_did_is_not_said_twice() -> None:
    service = SampleService()
    async with driven(service) as app:
        first = OVERVIEW.tokens[3]
        table(app).stand(first.id)
        service.view = OVERVIEW._replace(
            tokens=(*OVERVIEW.tokens[:3], first._replace(state=State.EXPIRED), *OVERVIEW.tokens[4:])
        )
        await app.press("x", "enter")
        assert app.toasts == ["staging/github is expired"]


def test_an_action_that_led_elsewhere_is_said() -> None:
    after = OVERVIEW._replace(tokens=(OVERVIEW.tokens[3]._replace(state=State.SUSPENDED, why="moved"),))
    assert [each.line for each in changes(OVERVIEW, after, {"staging/github": True})] == [
        "staging/github suspended: moved"
    ]


def test_what_became_of_each_is_said_by_reason() -> None:
    found = [Done("a/b", ""), Done("a/c", "it is outside"), Done("a/d", "it is outside")]
    assert outcome_lines("approved", found) == ["a/b is approved", "a/c and a/d: it is outside"]
    assert outcome_lines("approved", found[1:]) == ["nothing was approved", "a/c and a/d: it is outside"]


def test_names_are_listed_or_counted() -> None:
    assert named(["a"]) == "a"
    assert named(["a", "b", "c"]) == "a, b and c"
    assert named(["a", "b", "c", "d"]) == "a, b and 2 more"
