"""Refresh by hand: the owner gives a new secret."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import needed
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged, find, find_locked
from keybound.custody.providers.requests import keep_requests
from keybound.custody.rotation.new_secret import NewSecret
from keybound.custody.rotation.proof import proved
from keybound.custody.rotation.store import renewed
from keybound.custody.tokens.new_secret import check_given, check_refreshable
from keybound.custody.tokens.sealing import known_of, resealed
from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import TokenId


def refresh(context: Context, token: TokenId, secret: Secret) -> None:
    """Replace the secret: it is sealed anew on what is there now.

    Raises RefusedError where the definition is unapproved or a binding that expires is still outside; nothing is changed.
    """
    keep = proved(context, _checked(find(context, token), secret), secret)
    with changing(context):
        one = _checked(find_locked(context, token), secret)
        if one.inputs is None or one.loaded is None:
            raise BadInputError(one.verdict.why)
        token_now, profile, now = one.inputs.token, one.loaded.profile, context.clock()
        envelope = renewed(needed(one.held, token, "to replace"), token_now, NewSecret(secret, {}), now)
        envelope = resealed(context, envelope, token_now, profile, one.inputs.readings)
        envelope = envelope._replace(requests=keep_requests(context, token_now, profile, envelope))
        known = known_of(envelope, token_now, profile, one.held.known)
        transaction.run(context, Change(EventKind.REFRESHED, str(token), put=envelope, known=(known,)))
    keep()


def _checked(one: Judged, secret: Secret) -> Judged:
    """The token, where it may have this new secret."""
    needed(one.held, one.id, "to replace")
    if one.inputs is None:
        raise BadInputError(one.verdict.why, hint="Fix the file, then refresh.")
    check_given(secret, one.inputs.token)
    check_refreshable(one)
    return one
