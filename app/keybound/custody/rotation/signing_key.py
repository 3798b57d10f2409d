"""Refresh a minted token: its signing key is rotated, and what the old key signed stays good to its end."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import find_locked
from keybound.custody.minting.key_set import read_keys
from keybound.custody.minting.keys import with_fresh_key, with_shared_key
from keybound.custody.tokens.new_secret import check_refreshable
from keybound.custody.tokens.sealing import known_of, resealed
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId


def rotate_signing_key(context: Context, token: TokenId, shared: Secret | None = None) -> str:
    """Sign by a new key from now on; return the line that says so. ``shared``: the key that a verifier of HS256 gave.

    Raises RefusedError where the definition is unapproved or a binding that expires is still outside; nothing is changed.
    """
    with changing(context):
        one = find_locked(context, token)
        envelope = needed(one.held, token, "to replace")
        if one.inputs is None or one.loaded is None:
            raise BadInputError(one.verdict.why, hint="Fix the file, then refresh.")
        definition, now = one.inputs.token, context.clock()
        if definition.mint is None:
            raise RefusedError(f"{token} is not minted")
        check_refreshable(one)
        before = _signing_key(envelope)
        if shared is None:
            envelope = with_fresh_key(envelope, definition.mint, now)
        else:
            envelope = with_shared_key(envelope, definition.mint, shared, now)
        envelope = envelope._replace(refreshed_at=stamp(now))
        envelope = resealed(context, envelope, definition, one.loaded.profile, one.inputs.readings)
        after = _signing_key(envelope)
        known = known_of(envelope, definition, one.loaded.profile, one.held.known)
        detail = {"by": "rotation", "key": after, **({"retired": before} if before else {})}
        transaction.run(context, Change(EventKind.REFRESHED, str(token), put=envelope, known=(known,), detail=detail))
    return f"{token} has a new signing key: {after}"


def _signing_key(envelope: Envelope) -> str:
    """The id of the key that signs; "" where there is none."""
    return read_keys(envelope.secret).current.id if envelope.secret is not None and envelope.signs else ""
