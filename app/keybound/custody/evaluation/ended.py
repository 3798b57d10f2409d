"""What time has ended stays ended: how late it was is kept, whatever the clock says later."""

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.verdict.states import State


def keep_time(context: Context, evaluation: Evaluation) -> None:
    """Where a lifetime has ended since the latest recorded time, record the time: a token that is withheld leaves no event."""
    expired = [one.inputs for one in evaluation.judged if one.inputs and one.verdict.state is State.EXPIRED]
    ends = [expiry_time(one.token, one.envelope) for one in expired if one.envelope is not None]
    past = [end for end in ends if end is not None and end <= evaluation.now]
    if not past:
        return
    floor = context.floor()
    if floor is not None and floor < max(past):
        context.journal.raise_floor(context.clock())
