"""A clock set back revives nothing; a clock once far ahead does not brick the user."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import find
from keybound.custody.release.release import Asked, release
from keybound.custody.rotation.by_hand import refresh
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import accept_clock
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import State, Way

TIMED, FREE = parse_token_id("p/timed"), parse_token_id("p/free")


class Shifted(Context):
    """A context whose clock can be moved."""

    shift = timedelta()

    def clock(self) -> datetime:
        return super().clock() + self.shift


@pytest.fixture
def context(environ: dict[str, str], open_store: None, tmp_path: Path) -> Iterator[Shifted]:
    context = Shifted(environ, str(tmp_path))
    path = Path(context.home.profile_path("p"))
    path.parent.mkdir(parents=True)
    path.write_text("schema = 1\n")
    add(context, NewDefinition(TIMED, ("TIMED",), ttl="1h"), Secret("a"))
    add(context, NewDefinition(FREE, ("FREE",)), Secret("b"))
    yield context
    context.state.close()
    context.store.lock()


def states(context: Context) -> tuple[State, State]:
    return find(context, TIMED).verdict.state, find(context, FREE).verdict.state


def test_a_clock_set_back_revives_nothing(context: Shifted) -> None:
    assert states(context) == (State.ACTIVE, State.ACTIVE)
    context.shift = timedelta(hours=2)
    released = release(context, "p", Asked(Way.SHELL, {"program": "test"}))
    assert sorted(released.variables) == ["FREE"]
    context.shift = timedelta()
    assert states(context) == (State.EXPIRED, State.ACTIVE)


def test_a_clock_once_far_ahead_is_mended_by_accepting(context: Shifted) -> None:
    context.shift = timedelta(days=4000)
    release(context, "p", Asked(Way.SHELL, {"program": "test"}))
    context.shift = timedelta()
    assert states(context) == (State.SUSPENDED, State.ACTIVE)
    accept_clock(context)
    assert states(context) == (State.ACTIVE, State.ACTIVE)
    assert [event.kind for event in context.journal.newest(1)] == ["accept-clock"]


def test_times_of_before_the_clock_was_accepted_read_as_that_moment(context: Shifted) -> None:
    context.shift = timedelta(days=4000)
    refresh(context, TIMED, Secret("of the far future"))
    context.shift = timedelta()
    accept_clock(context)
    assert states(context) == (State.ACTIVE, State.ACTIVE)
    context.shift = timedelta(hours=2)  # its ttl is one hour
    assert states(context) == (State.EXPIRED, State.ACTIVE)
    context.shift = timedelta(days=4000)  # for good this time
    refresh(context, TIMED, Secret("of its own time"))
    assert states(context) == (State.ACTIVE, State.ACTIVE)
