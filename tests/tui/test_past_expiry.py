"""An expiry that was recorded before is told in the past tense, once, on every screen; what is outside now beside it."""

import time

import pytest

from keybound.custody.view_models.plans import ApprovalView
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding, Shown
from support.sample_service import MINUTE, NOW, OVERVIEW, PATH, SampleService, bound, token
from support.tui import driven

SIZES = [(120, 40), (80, 24)]
KEY = "flags.dry_run"
SAID = "flags.dry_run was true when it expired, bound to false; it is false now"
ELSEWHERE = bound("file:kube#current-context", "one of staging, dev", "suspend")


@pytest.fixture(autouse=True)
def fixed_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def past(now: str = "false") -> Finding:
    return Finding(
        KEY, "= false", Reaction.EXPIRE, State.EXPIRED, Shown("false"), Shown(now) if now else None,
        f"{KEY} was true on 2026-05-20 at 14:02 UTC, bound to false; it is {now} now", PATH,
        then=Shown("true"), since="2026-05-20T14:02:11+00:00", line=11,
    )  # fmt: skip


def service(*rows: BoundRow, now: str = "false") -> SampleService:
    """One expired token whose value was put back; ``rows``: what else it is bound to."""
    bounds = (bound(KEY, "= false"), *rows)
    made = token("staging/deploy", "DEPLOY_TOKEN", State.EXPIRED, since=NOW - 6 * MINUTE, bounds=bounds)
    findings = (past(now), *made.findings)
    return SampleService(OVERVIEW._replace(tokens=(made._replace(why=past(now).message, findings=findings),)))


@pytest.mark.parametrize("size", SIZES)
async def test_the_tokens_screen_tells_it_once(size: tuple[int, int]) -> None:
    async with driven(service(), size=size) as app:
        said = app.said("#detail")
        assert said.count(SAID) == 1
        assert said.count("14:02") == 1
        assert said.count("dry_run was") == 1
        assert "staging.toml:11" in said


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_outside_now_does_not_hide_it(size: tuple[int, int]) -> None:
    async with driven(service(ELSEWHERE), size=size) as app:
        said = app.said("#detail")
        assert SAID in said
        assert ("kube#current-context is prod" if size[0] > 100 else "+1 more") in said


@pytest.mark.parametrize("size", SIZES)
async def test_the_drift_screen_tells_it_beside_what_is_outside(size: tuple[int, int]) -> None:
    async with driven(service(ELSEWHERE), size=size) as app:
        await app.press("4")
        assert "suspended" in app.said("#drift")
        assert "staging/deploy expired" not in " ".join(app.said("#drift").split())
        assert "staging/deploy expired" in app.said("#outside")
        await app.press("down")
        said = app.said("#drift")
        assert said.count(SAID) == 1
        assert said.count("since 14:02:11 today") == 1
        assert "Approve" in said


@pytest.mark.parametrize(("obstacle", "way"), [("", False), ("staging/deploy is still outside: …", True)])
async def test_the_approve_dialog_tells_it_with_its_moment(
    monkeypatch: pytest.MonkeyPatch, obstacle: str, way: bool
) -> None:
    rows = (bound(KEY, "= false"), *((ELSEWHERE,) if obstacle else ()))
    view = ApprovalView(
        "staging/deploy", State.EXPIRED, State.ACTIVE, past().message, (), rows, "d", obstacle, findings=(past(),)
    )
    monkeypatch.setattr(SampleService, "approvals", lambda self, ids: [view])
    async with driven(service()) as app:
        await app.press("A")
        text = app.said("Text")
        assert text.count("was true when it expired (14:02:11 today), bound to false; it is false now") == 1
        assert "2026-05-20" not in text
        assert ("First u put the value back, or w widen the boundary" in text) is way


@pytest.mark.parametrize(
    ("now", "said"), [("", "it is no longer bound"), ("true", "it still is"), ("3", "it is 3 now")]
)
async def test_what_it_is_now(now: str, said: str) -> None:
    async with driven(service(now=now)) as app:
        assert f"bound to false; {said}" in app.said("#detail")


async def test_a_token_whose_time_ran_out_is_not_offered_to_be_approved() -> None:
    ended = Finding("", "", Reaction.SUSPEND, State.EXPIRED, None, None, "its lifetime ended")
    view = token("staging/deploy", "DEPLOY_TOKEN", State.EXPIRED, left=-1, findings=(ended,), why="its lifetime ended")
    async with driven(SampleService(OVERVIEW._replace(tokens=(view,)))) as app:
        assert "its lifetime ended r refresh" in app.said("#detail")
        assert "approve" not in app.said("#detail")
        await app.press("4")
        assert "Refresh" in app.said("#drift")
        assert "Approve" not in app.said("#drift")
