"""Record expiries: by the guard's verdict, or because the owner says so."""

from collections.abc import Iterable
from contextlib import suppress

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing, complete_unfinished
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import SETTLE_WAIT, Evaluating, Evaluation, Judged, evaluate, find, settled
from keybound.custody.evaluation.offline import evaluate_offline
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.evaluation.scope_changes import note_scopes
from keybound.custody.tokens.record import record_evaluation
from keybound.custody.tokens.sealing import known_record
from keybound.domain.errors import StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.sticky import EXPIRED, GRACE, Sticky


def evaluate_and_record(context: Context, names: Iterable[str], evaluating: Evaluating = evaluate) -> Evaluation:
    """Evaluate settled readings and make every expiry found sticky, in envelope and journal.

    Every evaluation of the real configuration comes through here. ``evaluating``: how a long-lived process looks; what is
    recorded is always read anew. Raises UnavailableError; where it is the store that cannot
    be had, expiries are kept as pending and recorded by the first look that has it again.
    """
    names = list(names)
    try:
        evaluation = _look(context, names, evaluating)
    except (StoreLockedError, StoreAwayError):
        with suppress(UnavailableError):
            evaluate_offline(context, names, SETTLE_WAIT)
        raise
    record_evaluation(context, evaluation)
    return evaluation


def _look(context: Context, names: list[str], evaluating: Evaluating) -> Evaluation:
    complete_unfinished(context)
    evaluation = settled(context, names, evaluating)
    if any(one.verdict.to_record for one in evaluation.judged):
        with changing(context):
            for one in evaluate(context, names).judged:
                _record(context, one)
        evaluation = evaluate(context, names)
    shifts = note_scopes(context, evaluation.judged)
    return evaluation._replace(notes=tuple(str(shift) for shift in shifts))


def _record(context: Context, one: Judged) -> None:
    if one.verdict.expiry is not None:
        write_expiry(context, one, one.verdict.expiry)
    elif one.verdict.grace is not None:
        _write_grace(context, one, one.verdict.grace)


def expire(context: Context, token: TokenId) -> None:
    """Expire a token now. Raises NotFoundError where it has no secret, RefusedError where that cannot be read."""
    with changing(context):
        judged = find(context, token)
        needed(judged.held, token, "to expire")
        write_expiry(context, judged, Sticky(EXPIRED, "its owner expired it", ""))


def write_expiry(context: Context, judged: Judged, expiry: Sticky) -> None:
    """Make an expiry sticky. The caller holds the exclusive lock."""
    envelope = judged.held.envelope
    if envelope is None:
        return
    wiped = judged.token is not None and judged.token.wipe
    sticky = recorded(judged.loaded, judged.verdict, expiry, stamp(context.clock()))
    expired = envelope._replace(sticky=sticky, secret=None if wiped else envelope.secret)
    _put(context, judged, expired, EventKind.EXPIRED, expiry.why)


def _write_grace(context: Context, judged: Judged, why: str) -> None:
    envelope = judged.held.envelope
    if envelope is None:
        return
    sticky = Sticky(GRACE, why, stamp(context.clock())) if why else None
    _put(context, judged, envelope._replace(sticky=sticky), EventKind.GRACE if why else EventKind.GRACE_OVER, why)


def _put(context: Context, judged: Judged, envelope: Envelope, kind: EventKind, why: str) -> None:
    envelope = envelope._replace(epoch=envelope.epoch + 1)
    sealed_text = judged.held.known.sealed_text if judged.held.known else ""
    known = known_record(envelope, sealed_text, judged.held.known)
    transaction.run(context, Change(kind, str(judged.id), put=envelope, known=(known,), detail={"why": why}))
