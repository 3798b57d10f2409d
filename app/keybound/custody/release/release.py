"""The release protocol: the one way by which a secret leaves."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from keybound.custody.context.caller import needs_the_caller
from keybound.custody.context.context import Context
from keybound.custody.envelopes.unfinished import any_unfinished
from keybound.custody.evaluation.ended import keep_time
from keybound.custody.evaluation.evaluate import SETTLE_WAIT, Evaluation, Judged, definition_moved, evaluate
from keybound.custody.evaluation.plain import plain_variables
from keybound.custody.evaluation.scope_changes import note_scopes
from keybound.custody.profiles.policy_acts import why_not_by
from keybound.custody.programs.programs import callers_of
from keybound.custody.tokens.record import record_evaluation
from keybound.domain.errors import StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.verdict.states import Way
from keybound.stores.journal.journal import Draft
from keybound.stores.lock import shared_in_turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.custody.minting.mint import Minted

_PAUSE = 0.05
_MOST_LOOKS = 40  # at a home that somebody goes on writing to: two seconds of pauses


class Withheld(NamedTuple):
    """A token that was not handed over, and why."""

    id: str
    state: str
    why: str
    env: tuple[str, ...]


class Released(NamedTuple):
    """What may be handed over now. ``variables``: name → (token id, secret); ``plain``: name → text.

    ``notes``: what its owner should hear: a refresh that was run, a scope that was gained or lost. ``passed``: tokens that
    by their definition never leave this way or to this program, and were not asked for by name. ``minted``: those of the
    secrets that were signed for a short time, with their times.
    """

    variables: Mapping[str, tuple[str, Secret]]
    plain: Mapping[str, str]
    withheld: tuple[Withheld, ...]
    evaluation: Evaluation
    notes: tuple[str, ...] = ()
    passed: tuple[Withheld, ...] = ()
    minted: tuple["Minted", ...] = ()

    def tokens_alone(self) -> "Released":
        """The same for whoever asked for tokens and gets no plain variables: their approval is no matter here."""
        return self._replace(plain={}, withheld=tuple(one for one in self.withheld if "/" in one.id))


class Asked(NamedTuple):
    """Who asks for what: the way, the resolved program and number of arguments, and which tokens (None: all).

    ``held``: variables that the asking shell has from Keybound; a minted token among them stays for half of its life.
    """

    way: Way
    by: Mapping[str, object]
    only: frozenset[str] | None = None
    wait: bool = True  # a one-shot command waits for files to rest; the hook does not
    held: Mapping[str, str] = {}


class Leaving(NamedTuple):
    """A token that may leave, and the secret that does. ``noted``: what the journal keeps of it."""

    judged: Judged
    secret: Secret
    noted: Mapping[str, object] = {}
    minted: "Minted | None" = None


def release(context: Context, profile: str, asked: Asked) -> Released:
    """Judge on live readings, journal, and return what may be handed over. Fails closed.

    Raises UnavailableError where the store, the journal or the lock cannot be had: then nothing is released.
    """
    wait_s = SETTLE_WAIT if asked.wait else 0.0
    try:
        return _released(context, profile, asked, wait_s)
    except (StoreLockedError, StoreAwayError):
        from keybound.custody.evaluation.offline import evaluate_offline

        with suppress(UnavailableError):
            evaluate_offline(context, [profile], wait_s)  # what would expire a token is kept until the store can be had
        raise


def _released(context: Context, profile: str, asked: Asked, wait_s: float) -> Released:
    if any_unfinished(context.home):
        from keybound.custody.envelopes.changes import complete_unfinished

        complete_unfinished(context)
    context.store.prepare()
    until = time.monotonic() + wait_s
    notes: list[str] = []
    tried = not asked.wait  # new secrets are got once at most, and not while a prompt waits
    for _ in range(_MOST_LOOKS):
        with shared_in_turn(context.home.lock):
            evaluation = evaluate(context, [profile])
            moved = definition_moved(evaluation)
            if not moved and not _must_wait(context, evaluation, asked, until, tried=tried):
                released = _hand_over(context, profile, evaluation, asked)
                keep_time(context, evaluation)
                return released._replace(notes=(*notes, *released.notes))
        if any(one.verdict.to_record for one in evaluation.judged):
            from keybound.custody.tokens.expire import evaluate_and_record

            evaluate_and_record(context, [profile])
        elif moved or _rests(evaluation, until):
            needs_the_caller()
            time.sleep(_PAUSE)
        else:
            needs_the_caller()
            from keybound.custody.rotation.renew import react, renew_due

            tried, ended = True, _ended(context, evaluation, asked)
            notes = react(context, evaluation, asked.only)
            notes += [one.line for one in renew_due(context, ended, ended=True)]
    raise UnavailableError(f"{profile} keeps changing", hint="Nothing was released. Try again when it is saved.")


def _must_wait(context: Context, evaluation: Evaluation, asked: Asked, until: float, *, tried: bool) -> bool:
    """Whether something must happen outside the shared lock first: an expiry recorded, a file rested, a refresh run."""
    if any(one.verdict.to_record for one in evaluation.judged) or _rests(evaluation, until):
        return True
    return not tried and (bool(_ended(context, evaluation, asked)) or any(map(_reacts, _of(evaluation, asked))))


def _of(evaluation: Evaluation, asked: Asked) -> list[Judged]:
    return [one for one in evaluation.judged if not asked.only or one.id.name in asked.only]


def _reacts(one: Judged) -> bool:
    return one.verdict.refresh_due


def _ended(context: Context, evaluation: Evaluation, asked: Asked) -> list[Judged]:
    """Those that time has ended, and that get a new secret by themselves."""
    renewing = [one for one in _of(evaluation, asked) if one.token and (one.token.refresh or one.token.oauth)]
    if not renewing:
        return []
    from keybound.custody.rotation.due import ends_soon

    return [one for one in renewing if ends_soon(one, context.clock(), ended=True)]


def _rests(evaluation: Evaluation, until: float) -> bool:
    waiting = any(one.verdict.unsettled_ns is not None for one in evaluation.judged)
    return waiting and time.monotonic() < until


def _hand_over(context: Context, profile: str, evaluation: Evaluation, asked: Asked) -> Released:
    if profile in evaluation.faults:
        raise evaluation.faults[profile]
    allowed: list[Leaving] = []
    withheld: list[Withheld] = []
    passed: list[Withheld] = []
    for one in evaluation.judged:
        if asked.only is not None and one.id.name not in asked.only:
            continue
        closed = _closed(one, asked)
        refusal = closed or _refusal(one, asked)
        if closed is not None and asked.only is None:
            passed.append(closed)
        elif refusal is None:
            leaving = _leaving(context, one, asked)
            if isinstance(leaving, Withheld):
                withheld.append(leaving)
            else:
                allowed.append(leaving)
        elif not _silent(one):
            withheld.append(refusal)
    plain, unapproved = plain_variables(evaluation, profile)
    if unapproved:
        why = f"{', '.join(unapproved)} of its [env]: keybound approve {profile}"
        withheld.append(Withheld(profile, "unapproved", why, unapproved))
    variables = {
        name: (str(one.judged.id), one.secret)
        for one in allowed
        for name in (one.judged.token.env if one.judged.token else ())
    }
    _journal(context, allowed, asked)
    record_evaluation(context, evaluation)
    shifts = tuple(str(shift) for shift in note_scopes(context, evaluation.judged))
    minted = tuple(one.minted for one in allowed if one.minted)
    return Released(variables, plain, tuple(withheld), evaluation, shifts, tuple(passed), minted)


def _leaving(context: Context, one: Judged, asked: Asked) -> Leaving | Withheld:
    """What leaves of a token that may; a signing key never does: what it signs leaves in its place."""
    envelope, token = one.held.envelope, one.token
    if envelope is None or envelope.secret is None or token is None:
        return Withheld(str(one.id), one.verdict.state.word, one.verdict.why, ())
    if token.mint is None and not envelope.signs:
        return Leaving(one, envelope.secret)
    from keybound.custody.release.minted import minted

    return minted(context, one, [asked.held[name] for name in token.env if name in asked.held])


def _closed(one: Judged, asked: Asked) -> Withheld | None:
    """Why the definition never lets a token out by this way or to this program; None where it does.

    A program with a caller's name that is not the one that was approved is refused, and not passed over.
    """
    token, program = one.token, str(asked.by.get("program", ""))
    if token is None:
        return None
    if asked.way.value not in token.release:
        ways = ", ".join(sorted(token.release))
        return Withheld(str(one.id), one.verdict.state.word, f"it may be released only by {ways}", token.env)
    named = {os.path.basename(caller) for caller in token.callers}
    if token.callers and os.path.basename(program) not in named and not _may_call(one, program):
        return Withheld(
            str(one.id), one.verdict.state.word, f"it may be released only to {', '.join(token.callers)}", token.env
        )
    return None


def _may_call(one: Judged, program: str) -> bool:
    return one.token is not None and program in callers_of(one.token, _programs(one))


def _refusal(one: Judged, asked: Asked) -> Withheld | None:
    token, verdict = one.token, one.verdict
    env = token.env if token else ()
    if token is None or not verdict.state.usable or _secret(one) is None:
        return Withheld(str(one.id), verdict.state.word, verdict.why, env)
    if one.loaded is not None and (why := why_not_by(one.loaded, asked.way.value)):
        return Withheld(str(one.id), verdict.state.word, why, env)
    if token.callers and not _may_call(one, str(asked.by.get("program", ""))):
        return Withheld(str(one.id), verdict.state.word, f"{asked.by.get('program')} is not among its callers", env)
    return None


def _programs(one: Judged) -> Mapping[str, Sequence[str]]:
    return one.held.envelope.programs if one.held.envelope else {}


def _silent(one: Judged) -> bool:
    """A token that was inherited and never added here is skipped without a word."""
    return one.token is not None and one.token.inherited and one.held.envelope is None and one.held.blocked is None


def _secret(one: Judged) -> Secret | None:
    return one.held.envelope.secret if one.held.envelope else None


def _journal(context: Context, allowed: Sequence[Leaving], asked: Asked) -> None:
    if not allowed:
        return
    now = context.clock()
    context.journal.append([_draft(one, asked) for one in allowed], now)


def _draft(one: Leaving, asked: Asked) -> Draft:
    detail = {"way": asked.way.value, "state": one.judged.verdict.state.word, **one.noted}
    return Draft(EventKind.RELEASED, str(one.judged.id), asked.by, detail)


def epoch_seconds(text: str) -> float | None:
    """A kept time as epoch seconds."""
    return datetime.fromisoformat(text).timestamp() if text else None
