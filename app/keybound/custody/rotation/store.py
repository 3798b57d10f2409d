"""Store a new secret: the old one is put aside to be revoked, and what is there now is approved."""

from datetime import datetime

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.providers.retire import with_replaced, without_replaced
from keybound.custody.rotation.new_secret import NewSecret
from keybound.custody.tokens.claims import with_claimed_times
from keybound.custody.tokens.sealing import known_of, new_envelope, resealed
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.verdict.recorded_expiry import expiry_of
from keybound.domain.verdict.verdict import Finding


def store_secret(context: Context, one: Judged, found: NewSecret, outside: tuple[Finding, ...] = ()) -> None:
    """Put the new secret in the place of the old. The caller holds the exclusive lock.

    ``outside``: what would expire the token even so: it is stored, and expires. Raises RefusedError, UnavailableError.
    """
    if one.inputs is None or one.loaded is None or one.held.envelope is None:
        raise RefusedError(f"{one.id} can no longer be read; the new secret was discarded")
    token, profile, now = one.inputs.token, one.loaded.profile, context.clock()
    envelope = renewed(one.held.envelope, token, found, now)
    envelope = resealed(context, envelope, token, profile, one.inputs.readings)
    detail: dict[str, object] = dict(found.detail)
    if outside:
        expiry = expiry_of(outside[0])._replace(why=f"still outside after a refresh: {outside[0].message}")
        sticky = recorded(one.loaded, one.verdict, expiry, stamp(now))
        envelope, detail["why"] = envelope._replace(sticky=sticky), sticky.why
    known = known_of(envelope, token, profile, one.held.known)
    kind = EventKind.EXPIRED if outside else EventKind.REFRESHED
    transaction.run(context, Change(kind, str(one.id), put=envelope, known=(known,), detail=detail))


def renewed(envelope: Envelope, token: Token, found: NewSecret, now: datetime) -> Envelope:
    """The envelope with the new secret and its times, and the old one put aside; not sealed yet."""
    aside = with_replaced(envelope, token, now)
    replaced = aside._replace(secret=found.secret, refreshed_at=stamp(now), signs="")
    return _with_ends(without_replaced(replaced), found)


def first_secret(context: Context, one: Judged, found: NewSecret) -> Change:
    """The change that stores the first secret of a token that is defined. Raises RefusedError."""
    if one.inputs is None or one.loaded is None:
        raise RefusedError(f"{one.id} can no longer be read; the new secret was discarded")
    token, profile = one.inputs.token, one.loaded.profile
    envelope = _with_ends(new_envelope(context, token, profile, found.secret, one.inputs.readings), found)
    known = (known_of(envelope, token, profile, None),)
    return Change(EventKind.ADDED, str(one.id), put=envelope, known=known, detail=found.detail)


def _with_ends(envelope: Envelope, found: NewSecret) -> Envelope:
    """With what the secret, or whoever gave it, says of its end; and with what gets the next one."""
    envelope = with_claimed_times(envelope._replace(oauth=found.grant or envelope.oauth), found.secret)
    return envelope._replace(expires_at=stamp(found.expires)) if found.expires is not None else envelope
