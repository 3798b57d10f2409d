"""A clock set back revives nothing; a clock once far ahead does not brick the user."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import find
from keybound.custody.release.release import Asked, release
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import accept_clock
from keybound.custody.tokens.upkeep import refresh
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import State, Way
from keybound.stores.age.age_file import AgeFileStore

TIMED, FREE = parse_token_id("p/timed"), parse_token_id("p/free")


class Shifted(Context):
    """A keeper whose clock can be moved."""

    shift = timedelta()

    def clock(self) -> datetime:
        return super().clock() + self.shift


@pytest.fixture
def keeper(environ: dict[str, str], tmp_path: Path) -> Iterator[Shifted]:
    keeper = Shifted(environ, str(tmp_path))
    assert isinstance(keeper.store, AgeFileStore)
    keeper.store.create(Secret("correct horse"))
    path = Path(keeper.home.profile_path("p"))
    path.parent.mkdir(parents=True)
    path.write_text("schema = 1\n")
    add(keeper, NewDefinition(TIMED, ("TIMED",), ttl="1h"), Secret("a"))
    add(keeper, NewDefinition(FREE, ("FREE",)), Secret("b"))
    yield keeper
    keeper.state.close()
    keeper.store.lock()


def states(keeper: Context) -> tuple[State, State]:
    return find(keeper, TIMED).verdict.state, find(keeper, FREE).verdict.state


def test_a_clock_set_back_revives_nothing(keeper: Shifted) -> None:
    assert states(keeper) == (State.ACTIVE, State.ACTIVE)
    keeper.shift = timedelta(hours=2)
    released = release(keeper, "p", Asked(Way.SHELL, {"program": "test"}))
    assert sorted(released.variables) == ["FREE"]
    keeper.shift = timedelta()
    assert states(keeper) == (State.EXPIRED, State.ACTIVE)


def test_a_clock_once_far_ahead_is_mended_by_accepting(keeper: Shifted) -> None:
    keeper.shift = timedelta(days=4000)
    release(keeper, "p", Asked(Way.SHELL, {"program": "test"}))
    keeper.shift = timedelta()
    assert states(keeper) == (State.SUSPENDED, State.ACTIVE)
    accept_clock(keeper)
    assert states(keeper) == (State.ACTIVE, State.ACTIVE)
    assert [event.kind for event in keeper.journal.newest(1)] == ["accept-clock"]


def test_times_of_before_the_clock_was_accepted_read_as_that_moment(keeper: Shifted) -> None:
    keeper.shift = timedelta(days=4000)
    refresh(keeper, TIMED, Secret("of the far future"))
    keeper.shift = timedelta()
    accept_clock(keeper)
    assert states(keeper) == (State.ACTIVE, State.ACTIVE)
    keeper.shift = timedelta(hours=2)  # its ttl is one hour
    assert states(keeper) == (State.EXPIRED, State.ACTIVE)
    keeper.shift = timedelta(days=4000)  # for good this time
    refresh(keeper, TIMED, Secret("of its own time"))
    assert states(keeper) == (State.ACTIVE, State.ACTIVE)
