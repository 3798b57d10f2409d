"""Probe tokens: ask, keep what was heard in the envelope, and say what changed since the last time."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from keybound.custody.alerts.raising import Raised, raise_alerts
from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged, find, find_locked
from keybound.custody.evaluation.scope_changes import Shift
from keybound.custody.probing.answers import Answer, Heard, ProbeOutcome
from keybound.custody.probing.asking import ask_about, asked_of
from keybound.custody.probing.tries import note_try
from keybound.custody.tokens.claims import claimed_time, claims
from keybound.custody.tokens.expire import write_expiry
from keybound.custody.tokens.sealing import known_record
from keybound.custody.tokens.signature import with_signature
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Token
from keybound.domain.seal.carried import carried_readings, carried_scopes
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import moment_words, stamp
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Unreadable, changed
from keybound.domain.verdict.sticky import EXPIRED, Sticky
from keybound.stores.journal.journal import Draft
from keybound.stores.lock import exclusive

_SPARE = 60.0  # seconds to wait for another process that asks about the same token
REFUSES = "its provider refuses it"


class Probed(NamedTuple):
    """What came of one probe. ``gained`` and ``lost``: scopes, against the last probe, or the first time what is declared."""

    id: str
    answer: Answer
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What came of it, in a line."""
        return "; ".join([f"{self.id} was probed: {self.answer.outcome}", *self.details])

    @property
    def details(self) -> tuple[str, ...]:
        """Why, who it is, what it may do, until when, and what of that has changed."""
        heard = self.answer.heard
        scopes = "" if heard.scopes is None else f"scopes {', '.join(heard.scopes) or 'none'}"
        until = f"until {moment_words(datetime.fromisoformat(heard.expires))}" if heard.expires else ""
        moved = [
            f"{word} {', '.join(names)}" for word, names in (("gained", self.gained), ("lost", self.lost)) if names
        ]
        return tuple(filter(None, [self.answer.why, heard.identity, scopes, until, *moved]))


def probe(context: Context, token: TokenId) -> Probed:
    """Ask about a token, and keep what was heard. A provider that no longer accepts it expires it; nothing else changes it.

    Raises NotFoundError, RefusedError where nobody can be asked, BadInputError, UnavailableError.
    """
    since, seen = stamp(context.clock()), find(context, token)
    needed(seen.held, token, "to probe")
    asked_of(seen)
    with exclusive(_lock(context, token), _SPARE):
        one = find(context, token)
        if (just := _by_another(seen, one, since)) is not None:
            return just
        secret = _secret(one)
        host, answer = ask(context, one, secret)
        return keep_answer(context, token, secret, host, answer)


def ask(context: Context, one: Judged, secret: Secret) -> tuple[str, Answer]:
    """Who was asked about a secret, and what the answer means. That it leaves is journaled first, as with every release.

    ``secret``: the token's own, or one that is to take its place. Raises RefusedError where nobody can be asked.
    """
    if host := asked_of(one):
        draft = Draft(EventKind.ASKED, str(one.id), who("keybound"), {"to": host})
        context.journal.append([draft], context.clock())
    answer = ask_about(context, one, secret)
    note_try(context, str(one.id), answer)
    return host, answer


def keep_answer(context: Context, token: TokenId, secret: Secret, host: str, answer: Answer) -> Probed:
    """Keep what was heard of a token's present secret."""
    with changing(context):
        return _kept(context, find_locked(context, token), secret, host, answer)


def _lock(context: Context, token: TokenId) -> str:
    return os.path.join(context.home.state, "locks", token.profile, f"{token.name}.probe")


def _secret(one: Judged) -> Secret:
    envelope = one.held.envelope
    if envelope is not None and envelope.signs:  # whatever its definition says now
        raise RefusedError(f"the stored secret of {one.id} is a signing key, which is never sent")
    return envelope.secret if envelope and envelope.secret else Secret("")


def _by_another(seen: Judged, now: Judged, since: str) -> Probed | None:
    """What another process has heard while this one waited for its turn, ``since`` then; None where none has."""
    before, after = seen.held.envelope, now.held.envelope
    if before is None or after is None or before.epoch == after.epoch or after.carried.get("stale"):
        return None
    if str(after.carried.get("at", "")) < since:
        return None
    scopes = carried_scopes(now.token, after) if now.token else None
    identity, expires = (str(after.carried.get(name, "")) for name in ("identity", "expires"))
    return Probed(str(now.id), Answer(ProbeOutcome.OK, heard=Heard(identity, scopes, expires)))


def _kept(context: Context, one: Judged, secret: Secret, host: str, answer: Answer) -> Probed:
    envelope, token = one.held.envelope, one.token
    if envelope is None or token is None or envelope.secret != secret:
        why = "its secret was replaced while its provider was asked: probe it again"
        return Probed(str(one.id), Answer(ProbeOutcome.UNCLEAR, why))
    if answer.outcome is ProbeOutcome.OK or not host:  # what came of its signature is kept, whatever it is
        return _heard(context, one, envelope, token, answer)
    if answer.outcome is ProbeOutcome.REVOKED and (envelope.sticky is None or envelope.sticky.state != EXPIRED):
        write_expiry(context, one, Sticky(EXPIRED, f"{REFUSES}: {answer.why}", ""))
    detail = {"outcome": answer.outcome.value, "why": answer.why}
    context.journal.append([Draft(EventKind.PROBED, str(one.id), who("keybound"), detail)], context.clock())
    if answer.outcome in (ProbeOutcome.REVOKED, ProbeOutcome.REFUSED):
        raise_alerts(context, [Raised(AlertKind.REFUSED, str(one.id), answer.why)])
    return Probed(str(one.id), answer)


def _heard(context: Context, one: Judged, envelope: Envelope, token: Token, answer: Answer) -> Probed:
    before = _scopes_before(envelope, token)
    after = envelope_after(envelope, token, answer.heard, stamp(context.clock()))
    now = answer.heard.scopes
    gained = _missing(now, before) if now is not None and before is not None else ()
    lost = _missing(before, now) if now is not None and before is not None else ()
    known = known_record(after, one.held.known.sealed_text if one.held.known else "", one.held.known)
    detail = {"outcome": answer.outcome.value, "identity": answer.heard.identity}
    _tell(context, Shift(str(one.id), gained, lost))  # first: a kill in between says it twice, and never not at all
    transaction.run(context, Change(EventKind.PROBED, str(one.id), put=after, known=(known,), detail=detail))
    return Probed(str(one.id), answer, gained, lost)


def envelope_after(envelope: Envelope, token: Token, heard: Heard, now: str) -> Envelope:
    """The envelope with what was heard. A reading that was never known at an approval is approved as it is first heard."""
    parts = {"identity": heard.identity, "expires": heard.expires}
    carried: dict[str, object] = {"at": now, **{name: text for name, text in parts.items() if text}}
    if heard.scopes is not None:
        carried["scopes"] = list(heard.scopes)
    own = claimed_time(claims(envelope.secret).get("exp")) if envelope.secret else ""
    if token.oauth is not None:  # the end that its server gave with it holds, whatever a probe does not say
        own = envelope.expires_at
    ends = min(filter(None, [own, heard.expires]), default="")
    after = envelope._replace(epoch=envelope.epoch + 1, carried=carried, expires_at=ends)
    after = with_signature(after, token)
    return after._replace(approved={**_first_heard(after, token), **after.approved})


def _first_heard(envelope: Envelope, token: Token) -> dict[str, str]:
    key = bytes.fromhex(envelope.key)
    keeping = {one.key.text for one in token.bindings if one.keeps_baseline}
    return {
        text: keyed_digest(key, text, changed(read.reading))
        for text, read in carried_readings(token, envelope).items()
        if text in keeping and not isinstance(read.reading, Unreadable)
    }


def _scopes_before(envelope: Envelope, token: Token) -> tuple[str, ...] | None:
    """The scopes of the last probe, of a former secret too; before the first one those that are declared."""
    last = envelope.carried.get("scopes")
    if isinstance(last, Sequence) and envelope.carried.get("at"):
        return tuple(map(str, last))
    return token.scopes or None


def _missing(of: Sequence[str] | None, there: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(sorted(set(of or ()) - set(there or ())))


def _tell(context: Context, shift: Shift) -> None:
    if shift.gained or shift.lost:
        detail = {"gained": list(shift.gained), "lost": list(shift.lost)}
        context.journal.append([Draft(EventKind.SCOPES, shift.id, who("keybound"), detail)], context.clock())
    sides = ((AlertKind.GAINED, "gains", shift.gained), (AlertKind.LOST, "loses", shift.lost))
    found = [
        Raised(kind, shift.id, f"{word} {', '.join(names)}, its provider says") for kind, word, names in sides if names
    ]
    raise_alerts(context, found, [(shift.id, AlertKind.REFUSED)])
