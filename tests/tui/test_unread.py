"""What is not known is not said: a broken profile, a store that is locked or away."""

import pytest

from keybound.domain.verdict.states import State
from support.sample_service import HOUR, OVERVIEW, SampleService, token
from support.tui import driven

WHY = "its profile cannot be read"
BROKEN = OVERVIEW._replace(
    tokens=tuple(
        token(f"staging/{name}", "", State.SUSPENDED, None, HOUR, kind="", scopes=(), unread=WHY, why=WHY)._replace(
            env=()
        )
        for name in ("deploy", "github")
    )
)
UNTRUE = ("never", "none", "no bounds", "all inside", "inside its bounds", "not bound", "0 of 0", "unmoved")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
@pytest.mark.parametrize("keys", [(), ("2",), ("2", "right"), ("2", "m"), ("3", "ctrl+d"), ("4",)])
async def test_no_screen_states_what_is_not_known(keys: tuple[str, ...], size: tuple[int, int]) -> None:
    async with driven(SampleService(BROKEN), size=size) as app:
        await app.press(*keys)
        assert [said for said in UNTRUE if said in app.shown] == []
        if keys in ((), ("4",)) and size[0] > 60:
            assert "known" in app.shown


async def test_what_is_known_of_a_definition_is_shown_while_the_store_is_locked() -> None:
    known = token("staging/github", "GITHUB_TOKEN", State.ACTIVE, None, stale=True, unread="the store is locked")
    async with driven(SampleService(OVERVIEW._replace(tokens=(known,)))) as app:
        assert "GITHUB_TOKEN" in app.shown
        assert "Bounds   not known" in app.shown
