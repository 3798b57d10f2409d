"""Make changes under the exclusive lock, unfinished ones first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from keybound.custody import transaction
from keybound.custody.keeper import Keeper
from keybound.custody.tidy import tidy
from keybound.custody.unfinished import any_unfinished
from keybound.stores.lock import exclusive


@contextmanager
def changing(keeper: Keeper) -> Iterator[None]:
    """Hold the home alone; complete or undo what a kill left. Raises Unavailable after 5 s."""
    with exclusive(keeper.home.lock):
        transaction.recover(keeper)
        tidy(keeper.home)
        yield


def complete_unfinished(keeper: Keeper) -> None:
    """Complete or undo what a kill left, before anything is judged. Raises Unavailable."""
    if any_unfinished(keeper.home):
        with changing(keeper):
            pass


def stamp(moment: datetime) -> str:
    """A time as envelopes and state keep it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
