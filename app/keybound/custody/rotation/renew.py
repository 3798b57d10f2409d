"""Get and store a new secret by itself: as its owner asks, as a reaction, or when it is due; one process at a time a token."""

import os
from collections.abc import Callable, Iterable

from keybound.custody.alerts.raising import alert_over, raise_alert
from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.evaluation.evaluate import Evaluating, Evaluation, Judged, evaluate, find, find_locked
from keybound.custody.programs.commands import missing_input
from keybound.custody.rotation.due import ends_soon
from keybound.custody.rotation.oauth_mark import clear_sent, is_unsure
from keybound.custody.rotation.obtain import is_automatic, limit_of, obtain
from keybound.custody.rotation.proof import proved
from keybound.custody.rotation.store import store_secret
from keybound.custody.rotation.tries import Attempt, Tries, is_due, note_failure, note_success, tries
from keybound.custody.tokens.expire import evaluate_and_record, write_expiry
from keybound.custody.tokens.new_secret import check_refreshable
from keybound.custody.tokens.sealing import still_outside
from keybound.domain.errors import KeyboundError, NotFoundError, RefusedError
from keybound.domain.profile.definition import Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import Reaction
from keybound.domain.verdict.sticky import EXPIRED, Sticky
from keybound.stores.lock import exclusive

_SPARE = 10.0  # seconds to wait for another process beyond its own limit


def refresh_by_definition(context: Context, token: TokenId) -> str:
    """Get a new secret as the sealed definition says; return a line that says what happened.

    Where another process has refreshed the token meanwhile, its result is used and nothing is asked. Raises RefusedError where
    the definition is unapproved, a binding that expires is outside, or there is no new secret to be had: then nothing is
    changed.
    """
    seen = find(context, token)
    if seen.token and seen.token.oauth and seen.held.envelope is None and seen.held.blocked is None:
        raise NotFoundError(f"{token} is not logged in", hint=f"Run: keybound login {token}")
    needed(seen.held, token, "to replace")
    return _refresh_while(context, seen, lambda one: not _was_refreshed(seen, one))


def _refresh_while(context: Context, seen: Judged, wanted: Callable[[Judged], bool]) -> str:
    """Refresh, unless another process has meanwhile done what was ``wanted``. ``seen``: the token before it waited."""
    token = seen.id
    with exclusive(_lock(context, token), limit_of(seen.token) + _SPARE):
        one = find(context, token)
        if not wanted(one):
            return f"{token} was just refreshed by another process"
        said = _rotated(context, one) if one.token and one.token.mint else _replaced(context, one)
    if ends_soon(find(context, token), context.clock(), ended=False):  # else whoever watches would go on without end
        note_failure(context, _work(token), "its new secret is due again already")
        return f"{said}, which is due again already"
    note_success(context, _work(token))
    alert_over(context, AlertKind.REFRESH_FAILED, str(token))
    return said


def _rotated(context: Context, one: Judged) -> str:
    from keybound.custody.rotation.signing_key import rotate_signing_key

    return rotate_signing_key(context, one.id)


def _replaced(context: Context, one: Judged) -> str:
    check_refreshable(one)
    found = obtain(context, one)
    # What a server gave is stored whatever is said of it: the refresh token before is used up.
    keep = None if found.grant is not None else proved(context, one, found.secret)
    with changing(context):
        one = find_locked(context, one.id)
        check_refreshable(one)
        store_secret(context, one, found)
        _answer_is_kept(context, one)
    if keep is not None:
        keep()
    return f"{one.id} has a new secret from its {'command' if one.token and one.token.refresh else 'OAuth server'}"


def refresh_and_record(context: Context, names: Iterable[str], evaluating: Evaluating = evaluate) -> Evaluation:
    """Look, run the ``refresh`` reactions that wait, and look again where there were any."""
    names = list(names)
    evaluation = evaluate_and_record(context, names, evaluating)
    if notes := react(context, evaluation):
        again = evaluate_and_record(context, names)
        return again._replace(notes=(*evaluation.notes, *notes, *again.notes))
    return evaluation


def react(context: Context, evaluation: Evaluation, only: frozenset[str] | None = None) -> list[str]:
    """Run the ``refresh`` reactions that wait (of the tokens named, or all); return a line for each.

    A failure expires the token. So a command that asks for variables is not run in an environment that nobody gave.
    """
    due = [one for one in evaluation.judged if one.verdict.refresh_due and (not only or one.id.name in only)]
    return [_react(context, one.id) for one in due if one.token and _has_its_inputs(context, one.token)]


def renew_due(context: Context, judged: Iterable[Judged], *, ended: bool) -> list[Attempt]:
    """Refresh the tokens that are due (``ended``: only those that have ended, or are about to); return each try.

    One that fails stays as it is, is said, and is tried again after a while. Broken or withheld ones are passed over.
    """
    due = [one for one in judged if is_to_renew(context, one, ended=ended)]
    return [_renew(context, one, ended=ended) for one in due]


def is_to_renew(context: Context, one: Judged, *, ended: bool = False) -> bool:
    """Whether it is due, and nothing speaks against a try now: not the last failure, nor a refresh that nobody knows of."""
    now = context.clock()
    if one.token is None or not ends_soon(one, now, ended=ended):
        return False
    if not _has_its_inputs(context, one.token) or not is_due(context, _work(one.id)):
        return False
    if one.token.oauth is None or not is_unsure(context, one.id, one.held.envelope):
        return True
    return ends_soon(one, now, ended=True)  # then another try can lose nothing


def _renew(context: Context, seen: Judged, *, ended: bool) -> Attempt:
    token = seen.id
    try:
        return Attempt(_refresh_while(context, seen, lambda one: ends_soon(one, context.clock(), ended=ended)))
    except KeyboundError as fault:
        note_failure(context, _work(token), fault.what)
        raise_alert(context, AlertKind.REFRESH_FAILED, str(token), fault.what)
        return Attempt(f"{token} is due, and was not refreshed: {fault.what}", failed=True)


def _has_its_inputs(context: Context, token: Token) -> bool:
    return context.attended or token.refresh is None or not missing_input(token.refresh, context.environ)


def _react(context: Context, token: TokenId) -> str:
    seen = find(context, token)
    with exclusive(_lock(context, token), limit_of(seen.token) + _SPARE):
        one = find(context, token)
        if not one.verdict.refresh_due:
            return f"{token} was just refreshed by another process"
        try:
            if not is_automatic(one.token) or (one.token and one.token.mint):
                raise RefusedError("it has no refresh command")
            found = obtain(context, one)
        except RefusedError as refusal:
            return _give_up(context, token, f"{_asked_by(one)}, and {refusal.what}")
        with changing(context):
            one = find_locked(context, token)
            if not one.verdict.refresh_due:
                return f"{token} changed while its command ran; the new secret was discarded"
            store_secret(context, one, found, still_outside(one))
            _answer_is_kept(context, one)
    return f"{token} was refreshed: {_asked_by(one)}"


def _answer_is_kept(context: Context, one: Judged) -> None:
    if one.token is not None and one.token.oauth is not None:
        clear_sent(context, one.id)


def _asked_by(one: Judged) -> str:
    return next(
        (found.message for found in one.verdict.findings if found.reaction is Reaction.REFRESH), one.verdict.why
    )


def _was_refreshed(seen: Judged, now: Judged) -> bool:
    before, after = seen.held.envelope, now.held.envelope
    return before is not None and after is not None and _is_newer(before, after) and after.sticky is None


def _is_newer(before: Envelope, after: Envelope) -> bool:
    return after.epoch > before.epoch and (after.secret, after.refreshed_at) != (before.secret, before.refreshed_at)


def _give_up(context: Context, token: TokenId, why: str) -> str:
    with changing(context):
        one = find_locked(context, token)
        if one.verdict.refresh_due:
            write_expiry(context, one, Sticky(EXPIRED, why, ""))
    return f"{token} is expired: {why}"


def _lock(context: Context, token: TokenId) -> str:
    return os.path.join(context.home.state, "locks", token.profile, f"{token.name}.refresh")


def last_failure(context: Context, token: TokenId) -> Tries | None:
    """Why it was not refreshed when that was due, if so."""
    return tries(context, _work(token))


def _work(token: TokenId) -> str:
    return f"refresh {token}"
