"""What no token's row would show: a profile's own part without tokens, a definition that is gone, a home that was moved."""

from typing import Any

import pytest

from keybound.domain.verdict.states import State
from keybound.tui.tokens.table import TokenTable
from support.sample_service import OVERVIEW, SampleService, token
from support.tui import Driven, driven

SIZES = [(120, 40), (80, 24)]


def table(app: Driven) -> TokenTable:
    return app.app.main_screen.query_one(TokenTable)


def with_part(profile: str = "base", **more: Any) -> SampleService:
    profiles = tuple(
        each._replace(unapproved_parts=("env", "grants")) if each.name == profile else each
        for each in OVERVIEW.profiles
    )
    return SampleService(OVERVIEW._replace(profiles=profiles, **more))


@pytest.mark.parametrize("size", SIZES)
async def test_an_unapproved_part_of_a_profile_without_tokens_is_seen_and_approved(size: tuple[int, int]) -> None:
    async with driven(with_part(), size=size) as app:
        assert "base" in app.said("#table")
        assert "[env] and [roles.grants] not approved" in app.said("#table")
        table(app).stand("base/")
        await app.press("A")
        assert app.dialog == "Approve"
        await app.press("enter")
        assert app.service.calls == [("approve", ("base", "e0"))]


async def test_a_profile_without_tokens_that_cannot_be_read_is_seen() -> None:
    profiles = tuple(
        each._replace(fault="line 3: what is that") if each.name == "base" else each for each in OVERVIEW.profiles
    )
    async with driven(SampleService(OVERVIEW._replace(profiles=profiles))) as app:
        assert "line 3: what is that" in app.said("#table")


async def test_a_profile_without_tokens_that_asks_for_nothing_is_not_in_the_table() -> None:
    async with driven() as app:
        assert "base" not in app.said("#table")
        await app.press("slash")
        await app.type("base")
        assert "staging" not in app.said("#table")


async def test_nothing_but_an_unapproved_part() -> None:
    async with driven(with_part(tokens=())) as app:
        await app.press("escape")
        assert table(app).cursor == "base/"
        assert "A approve: shows what changed first" in app.said("#detail")


@pytest.mark.parametrize("size", SIZES)
async def test_a_definition_that_is_gone_is_said_and_written_again_by_a_key(size: tuple[int, int]) -> None:
    async with driven(SampleService(OVERVIEW._replace(orphans=("staging/old",))), size=size) as app:
        assert "keybound adopt staging/old" in app.said("#table")
        table(app).stand("staging/old")
        await app.settle()
        assert "staging/old has a secret but no definition" in app.said("#detail")
        assert "d restore" in app.shown.split("\n")[-1]
        await app.press("d")
        assert "env = OLD_TOKEN" in app.said("Text")
        await app.press("escape")
        assert app.did == []
        await app.press("d", "enter")
        assert app.service.calls[0][:2] == ("adopt", "staging/old")
        assert app.service.calls[0][2].lines == ("+ env = OLD_TOKEN",)


async def test_a_secret_without_a_definition_can_only_be_removed_or_defined_again() -> None:
    async with driven(SampleService(OVERVIEW._replace(orphans=("staging/old",)))) as app:
        table(app).stand("staging/old")
        for key in ("space", "x", "r", "y", "v", "b"):
            table(app).stand("staging/old")
            await app.press(key)
            assert app.dialog == ""
        assert table(app).picked == set()
        table(app).stand("staging/")
        await app.press("space")
        assert "staging/old" not in table(app).picked
        assert len(table(app).picked) == 6
        await app.press("space")
        table(app).stand("staging/old")
        await app.press("D", "tab", "enter")
        assert app.service.calls == [("remove", "staging/old")]
        await app.press("home", "down", "d")
        assert app.dialog == ""


async def test_a_definition_that_went_with_its_profile_names_both_steps() -> None:
    async with driven(SampleService(OVERVIEW._replace(tokens=(), orphans=("gone/old",)))) as app:
        assert app.dialog == "", "no welcome where there is something to mend"
        table(app).stand("gone/old")
        await app.settle()
        assert "keybound profile new gone" in app.said("#detail")
        assert "keybound adopt gone/old" in app.said("#detail")


@pytest.mark.parametrize("size", SIZES)
async def test_a_home_that_was_moved_is_said_with_its_command_whole(size: tuple[int, int]) -> None:
    former = "/home/ada/some/where/that/is/quite/long/and/goes/on/for/a/while/.config/keybound"
    view = token("staging/deploy", "DEPLOY_TOKEN", State.MISSING, why="no secret is stored here")._replace(
        elsewhere=True
    )
    async with driven(SampleService(OVERVIEW._replace(tokens=(view,), made_as=former)), size=size) as app:
        said = app.said("#table").replace(" ", "")
        assert f"keyboundadopt--from{former}" in said
        assert "add its secret" not in app.said("#detail")
        assert "no secret is stored for this home" in app.said("#detail")
        assert "adopt" not in app.said("#detail"), "said once"
        assert table(app).cursor == "staging/deploy"
