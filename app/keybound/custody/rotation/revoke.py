"""Revoke a token now, because its owner says so: it expires here at once, and its secret ends at its provider."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import find_locked
from keybound.custody.evaluation.recorded import recorded
from keybound.custody.providers.retire import approved_way, with_grant_aside, with_secret_aside
from keybound.custody.rotation.revocation import revoke_pending
from keybound.custody.rotation.tries import Attempt
from keybound.custody.tokens.sealing import known_record, matched_seal
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Token
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.sticky import EXPIRED, Sticky

_WHY = "its owner revoked it"


def revoke(context: Context, token: TokenId) -> list[Attempt]:
    """Expire the token, put its secret aside, and revoke it and what else of it is pending; return each try.

    What cannot be revoked now stays pending and is tried again. Raises RefusedError where there is no approved way to do it:
    then nothing is changed.
    """
    with changing(context):
        one = find_locked(context, token)
        envelope = needed(one.held, token, "to revoke")
        if one.token is None or not matched_seal(one):
            raise RefusedError(f"{token} is unapproved: {one.verdict.why}", hint=f"First: keybound approve {token}")
        if not approved_way(one.token, envelope):
            raise _no_way(one.token)
        if envelope.secret is None and not envelope.retired:
            raise RefusedError(f"{token} has no secret to revoke: {one.verdict.why}")
        if envelope.secret is not None:
            now = context.clock()
            put = with_grant_aside(with_secret_aside(envelope, one.token, now), now)
            sticky = envelope.sticky or recorded(one.loaded, one.verdict, Sticky(EXPIRED, _WHY, ""), stamp(now))
            put = put._replace(secret=None, sticky=sticky, epoch=envelope.epoch + 1)
            known = known_record(put, one.held.known.sealed_text if one.held.known else "", one.held.known)
            detail = {"why": _WHY}
            transaction.run(context, Change(EventKind.EXPIRED, str(token), put=put, known=(known,), detail=detail))
    return revoke_pending(context, frozenset([str(token)]), now=True)


def _no_way(token: Token) -> RefusedError:
    if token.mint is not None:
        return RefusedError(
            f"{token.id} is signed here: nobody else can end it", hint=f"Run: keybound expire {token.id}"
        )
    if token.revoke is not None:
        return RefusedError(f"how {token.id} is revoked was not approved", hint=f"First: keybound approve {token.id}")
    return RefusedError(
        f"nothing says how {token.id} is revoked",
        hint=f'Name a command that reads the secret: keybound set {token.id} revoke "./revoke-it"\n'
        f"  Or revoke it on its provider's page, then run: keybound expire {token.id}",
    )
