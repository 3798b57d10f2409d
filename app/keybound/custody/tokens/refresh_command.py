"""Refresh by command: as its owner asks, or as a reaction; one process at a time for each token."""

import os
from collections.abc import Iterable

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Evaluating, Evaluation, Judged, evaluate, find, find_locked
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.programs.commands import one_secret, run_command
from keybound.custody.tokens.claims import with_claimed_times
from keybound.custody.tokens.expire import evaluate_and_record, write_expiry
from keybound.custody.tokens.new_secret import check_refreshable, check_secret
from keybound.custody.tokens.sealing import known_of, resealed, still_outside
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Command, Token
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.recorded_expiry import expiry_of
from keybound.domain.verdict.states import Reaction
from keybound.domain.verdict.sticky import EXPIRED, Sticky
from keybound.domain.verdict.verdict import Finding
from keybound.stores.lock import exclusive

_SPARE = 10.0  # seconds to wait for another process beyond its command's own limit


def refresh_by_command(context: Context, token: TokenId) -> str:
    """Run the sealed command and take its secret; return a line that says what happened.

    Where another process has refreshed the token meanwhile, its result is used and nothing is run. Raises RefusedError where
    the definition is unapproved, a binding that expires is outside, or the command fails: then nothing is changed.
    """
    seen = find(context, token)
    command = _command_of(seen)
    with exclusive(_lock(context, token), command.timeout + _SPARE):
        one = find(context, token)
        if _was_refreshed(seen, one):
            return f"{token} was just refreshed by another process"
        check_refreshable(one)
        secret = _run(context, one)
        with changing(context):
            one = find_locked(context, token)
            check_refreshable(one)
            _store(context, one, secret, ())
    return f"{token} has a new secret from its command"


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


def _has_its_inputs(context: Context, token: Token) -> bool:
    inputs = token.refresh.inputs if token.refresh else ()
    return context.attended or all(name in context.environ for name in inputs)


def _react(context: Context, token: TokenId) -> str:
    seen = find(context, token)
    limit = seen.token.refresh.timeout if seen.token and seen.token.refresh else 0
    with exclusive(_lock(context, token), limit + _SPARE):
        one = find(context, token)
        if not one.verdict.refresh_due:
            return f"{token} was just refreshed by another process"
        try:
            secret = _run(context, one)
        except RefusedError as refusal:
            return _give_up(context, token, f"{_asked_by(one)}, and {refusal.what}")
        with changing(context):
            one = find_locked(context, token)
            if not one.verdict.refresh_due:
                return f"{token} changed while its command ran; the new secret was discarded"
            _store(context, one, secret, still_outside(one))
    return f"{token} was refreshed: {_asked_by(one)}"


def _asked_by(one: Judged) -> str:
    return next(
        (found.message for found in one.verdict.findings if found.reaction is Reaction.REFRESH), one.verdict.why
    )


def _run(context: Context, one: Judged) -> Secret:
    command, envelope = _command_of(one), one.held.envelope
    noted = envelope.programs if envelope else {}
    secret = one_secret("refresh", command, run_command("refresh", command, noted, context.environ))
    check_secret(secret, one.token.env if one.token else ())
    return secret


def _command_of(one: Judged) -> Command:
    needed(one.held, one.id, "to replace")
    if one.token is None or one.token.refresh is None:
        raise RefusedError(f"{one.id} has no refresh command", hint=f"Give it a new secret: keybound refresh {one.id}")
    return one.token.refresh


def _was_refreshed(seen: Judged, now: Judged) -> bool:
    before, after = seen.held.envelope, now.held.envelope
    return before is not None and after is not None and after.epoch > before.epoch and after.sticky is None


def _store(context: Context, one: Judged, secret: Secret, outside: tuple[Finding, ...]) -> None:
    if one.inputs is None or one.loaded is None or one.held.envelope is None:
        raise RefusedError(f"{one.id} can no longer be read; the new secret was discarded")
    token, profile = one.inputs.token, one.loaded.profile
    now = stamp(context.clock())
    envelope = with_claimed_times(one.held.envelope._replace(secret=secret, refreshed_at=now, signs=""), secret)
    envelope = resealed(context, envelope, token, profile, one.inputs.readings)
    detail: dict[str, object] = {"by": "command", **_program(one)}
    if outside:
        expiry = expiry_of(outside[0])._replace(why=f"still outside after a refresh: {outside[0].message}")
        sticky = recorded(one.loaded, one.verdict, expiry, now)
        envelope, detail["why"] = envelope._replace(sticky=sticky), sticky.why
    known = known_of(envelope, token, profile, one.held.known)
    kind = EventKind.EXPIRED if outside else EventKind.REFRESHED
    transaction.run(context, Change(kind, str(one.id), put=envelope, known=(known,), detail=detail))


def _program(one: Judged) -> dict[str, object]:
    command = _command_of(one)
    noted = one.held.envelope.programs if one.held.envelope else {}
    return {"program": noted.get("refresh", [""])[0], "arguments": len(command.argv) - 1}


def _give_up(context: Context, token: TokenId, why: str) -> str:
    with changing(context):
        one = find_locked(context, token)
        if one.verdict.refresh_due:
            write_expiry(context, one, Sticky(EXPIRED, why, ""))
    return f"{token} is expired: {why}"


def _lock(context: Context, token: TokenId) -> str:
    return os.path.join(context.home.state, "locks", token.profile, f"{token.name}.refresh")
