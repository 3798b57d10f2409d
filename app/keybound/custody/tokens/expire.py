"""Record expiries: by the guard's verdict, or because the owner says so."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing, complete_unfinished
from keybound.custody.envelopes.envelopes import fetch, needed, token_item
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.ended import keep_time
from keybound.custody.evaluation.evaluate import SETTLE_WAIT, Evaluating, Evaluation, Judged, evaluate, find, settled
from keybound.custody.evaluation.offline import evaluate_offline
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.evaluation.scope_changes import note_scopes
from keybound.custody.tokens.record import record_evaluation
from keybound.custody.tokens.sealing import known_record, matched_seal
from keybound.domain.errors import KeyboundError, StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId, parse_token_id
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
    keep_time(context, evaluation)
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


def tokens_to_expire(context: Context) -> list[TokenId]:
    """All that have a secret and are not expired for good, those without a definition too. Raises UnavailableError."""
    ids = [parse_token_id(one.id) for one in context.state.known().values() if "/" in one.id and not one.removed]
    held = fetch(context, [token_item(one) for one in ids])
    envelopes = {one: held[token_item(one)].envelope for one in ids}
    return sorted(one for one, envelope in envelopes.items() if envelope is not None and not _is_expired(envelope))


def _is_expired(envelope: Envelope) -> bool:
    return envelope.sticky is not None and envelope.sticky.state == EXPIRED


def expire_each(context: Context, tokens: Iterable[TokenId]) -> tuple[list[TokenId], list[tuple[TokenId, str]]]:
    """Expire each now: those that are expired, and those that could not be, with why."""
    done, faults = [], []
    for token in tokens:
        try:
            expire(context, token)
            done.append(token)
        except KeyboundError as fault:
            faults.append((token, fault.what))
    return done, faults


def write_expiry(context: Context, judged: Judged, expiry: Sticky) -> None:
    """Make an expiry sticky. The caller holds the exclusive lock."""
    envelope = judged.held.envelope
    if envelope is None:
        return
    now = context.clock()
    sticky = recorded(judged.loaded, judged.verdict, expiry, stamp(now))
    expired = _ended(judged, envelope, now)._replace(sticky=sticky)
    _put(context, judged, expired, EventKind.EXPIRED, expiry.why)


def _ended(judged: Judged, envelope: Envelope, now: datetime) -> Envelope:
    """The envelope without its secret, where the definition wants an expired one revoked or erased."""
    token = judged.token
    if token is not None and token.revoke is not None and token.revoke.on_expiry and matched_seal(judged):
        from keybound.custody.providers.retire import with_retired

        return with_retired(envelope, token._replace(overlap=0), now)._replace(secret=None)
    return envelope._replace(secret=None) if token is not None and token.wipe else envelope


def _write_grace(context: Context, judged: Judged, why: str) -> None:
    envelope = judged.held.envelope
    if envelope is None or judged.inputs is None:
        return
    # Begun by the time that it is judged by: by a clock that was set back it would be over at once.
    sticky = Sticky(GRACE, why, stamp(judged.inputs.now)) if why else None
    _put(context, judged, envelope._replace(sticky=sticky), EventKind.GRACE if why else EventKind.GRACE_OVER, why)


def _put(context: Context, judged: Judged, envelope: Envelope, kind: EventKind, why: str) -> None:
    envelope = envelope._replace(epoch=envelope.epoch + 1)
    sealed_text = judged.held.known.sealed_text if judged.held.known else ""
    known = known_record(envelope, sealed_text, judged.held.known)
    transaction.run(context, Change(kind, str(judged.id), put=envelope, known=(known,), detail={"why": why}))
