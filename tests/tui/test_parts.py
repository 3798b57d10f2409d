"""A profile's own [env] and grants, not approved: seen on Tokens and Drift, approved with their difference."""

import pytest

from support.sample_service import OVERVIEW, SampleService
from support.tui import driven

PROFILES = tuple(
    each._replace(unapproved_parts=("env", "grants") if each.name == "prod" else ()) for each in OVERVIEW.profiles
)
UNAPPROVED = OVERVIEW._replace(profiles=PROFILES)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_on_tokens_its_heading_says_so_and_A_approves(size: tuple[int, int]) -> None:
    async with driven(SampleService(UNAPPROVED), size=size) as app:
        assert "[env] and [roles.grants] not approved" in app.shown
        app.canvas("#table").stand("prod/")  # type: ignore[attr-defined]
        await app.settle()
        assert "[roles.grants] is not approved" in app.shown
        assert "A approve" in app.shown.split("\n")[-1]
        await app.press("A")
        assert "prod  the profile's own [env]" in app.shown
        assert "+ env.AWS_REGION" in app.shown
        await app.press("enter")
        assert app.service.calls == [("approve", ("prod", "e0"))]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_on_drift_it_asks_for_its_owner(size: tuple[int, int]) -> None:
    async with driven(SampleService(UNAPPROVED), size=size) as app:
        await app.press("4")
        app.canvas("#outside").stand("profile prod")  # type: ignore[attr-defined]
        await app.settle()
        assert "its own [env] and [roles.grants]" in app.shown
        assert "opens prod.toml" in app.shown
        await app.press("A", "enter")
        assert app.service.calls == [("approve", ("prod", "e0"))]


async def test_a_marked_token_is_approved_not_the_heading_under_the_cursor() -> None:
    async with driven(SampleService(UNAPPROVED)) as app:
        app.canvas("#table").stand("staging/deploy")  # type: ignore[attr-defined]
        await app.press("space")
        app.canvas("#table").stand("prod/")  # type: ignore[attr-defined]
        await app.press("A", "enter")
        assert app.service.calls == [("approve", ("staging/deploy", "7c1e"))]
