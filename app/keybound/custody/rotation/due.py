"""Which tokens are to get a new secret because their time runs out."""

from datetime import datetime, timedelta

from keybound.custody.evaluation.evaluate import Judged
from keybound.domain.guard.expiry_times import expiry_time, soon_before
from keybound.domain.guard.guard import GuardInput
from keybound.domain.seal.envelope import Envelope
from keybound.domain.verdict.states import State
from keybound.domain.verdict.sticky import stuck

_ABOUT_TO_END = timedelta(seconds=30)  # an access token is not handed out for less: a command would outlive it


def end_by_itself(one: Judged) -> datetime | None:
    """When an approved token that refreshes by itself ends; None where it never does, or a refresh would not help.

    What is expired for another reason than its time is never due: a timer brings nothing back.
    """
    token, envelope, inputs = one.token, one.held.envelope, one.inputs
    if token is None or envelope is None or inputs is None:
        return None
    if token.refresh is None and token.oauth is None and token.mint is None:
        return None
    if one.held.blocked is not None or envelope.digest != inputs.digest or _is_stopped(one, envelope, inputs):
        return None
    end = expiry_time(token, envelope)
    return None if end == token.expires else end  # a new secret moves no date that stands in the definition


def ends_soon(one: Judged, now: datetime, *, ended: bool) -> bool:
    """Whether such a token is due; with ``ended`` only where it can no longer be used."""
    token, envelope, inputs, end = one.token, one.held.envelope, one.inputs, end_by_itself(one)
    if end is None or token is None or envelope is None or inputs is None:
        return False
    soon = soon_before(token, envelope)
    early = (min(_ABOUT_TO_END, soon) if token.oauth else timedelta(0)) if ended else soon
    return end - max(now, inputs.now) <= early


def _is_stopped(one: Judged, envelope: Envelope, inputs: GuardInput) -> bool:
    """Whether something other than time withholds it until its owner acts."""
    if stuck(envelope.sticky, inputs.pending) is not None or envelope.secret is None or inputs.clock_ahead:
        return True
    if inputs.token.scopes and not inputs.grants_approved:
        return True
    return any(found.key and found.state >= State.UNAPPROVED for found in one.verdict.findings)
