"""Make changes under the exclusive lock, unfinished ones first."""

from collections.abc import Iterator
from contextlib import contextmanager

from keybound.custody.context.context import Context
from keybound.custody.context.home_record import has_record, write_record
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.tidy import tidy
from keybound.custody.envelopes.unfinished import any_unfinished
from keybound.domain.errors import RefusedError
from keybound.stores.lock import exclusive_in_turn


@contextmanager
def changing(context: Context) -> Iterator[None]:
    """Hold the home alone; complete or undo what a kill left. Raises UnavailableError after 5 s."""
    refuse_other_home(context)
    with exclusive_in_turn(context.home.lock):
        if not has_record(context.home.state):
            write_record(context.home.state, context.home.config, context.home.user)
        transaction.recover(context)
        tidy(context.home)
        yield


def recover_now(context: Context) -> tuple[str, ...]:
    """Complete or undo what a kill left; a line for each. Raises RefusedError, UnavailableError."""
    refuse_other_home(context)
    with exclusive_in_turn(context.home.lock):
        return transaction.recover(context)


def refuse_other_home(context: Context) -> None:
    """Raise RefusedError where the state belongs to another home: what is written for one would take the other's down."""
    if made_as := context.home.made_as:
        raise RefusedError(
            f"the state in {context.home.state} belongs to the home {made_as}, not to {context.home.config}",
            hint=f"Nothing was changed. If the home was moved, run: keybound adopt --from {made_as}\n"
            "  If they are two homes, give each its own XDG_STATE_HOME.",
        )


def complete_unfinished(context: Context) -> None:
    """Complete or undo what a kill left, before anything is judged. Raises UnavailableError."""
    if any_unfinished(context.home):
        with changing(context):
            pass
