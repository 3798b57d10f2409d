"""Refresh by OAuth."""

from keybound.custody.context.context import Context
from keybound.custody.context.network import network_of
from keybound.custody.rotation.new_secret import NewSecret
from keybound.custody.rotation.oauth_answers import OAuthRefusedError, UnansweredError
from keybound.custody.rotation.oauth_mark import clear_sent, mark_sent
from keybound.custody.rotation.oauth_server import renew
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import OAuth
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.names import TokenId


def refresh_by_oauth(context: Context, token: TokenId, oauth: OAuth, envelope: Envelope) -> NewSecret:
    """A new access token. Raises RefusedError where there is none to be had."""
    if envelope.oauth is None:
        raise RefusedError(f"{token} is not logged in", hint=f"Run: keybound login {token}")
    if not envelope.oauth.token_endpoint or envelope.oauth.client_id != oauth.client_id:
        raise RefusedError(f"{token} was logged in as another client", hint=f"Run: keybound login {token}")
    network = network_of(context)._replace(whole_s=float(oauth.timeout))
    mark_sent(context, token, envelope)
    try:
        access = renew(network, envelope.oauth, context.clock())
    except UnansweredError as silence:
        if not silence.sent:
            clear_sent(context, token)
        raise
    except OAuthRefusedError as refusal:
        clear_sent(context, token)
        hint = f"Log in again: keybound login {token}" if refusal.code == "invalid_grant" else ""
        raise RefusedError(refusal.what, hint=hint) from None
    return NewSecret(access.secret, {"by": "oauth", "issuer": oauth.issuer}, access.expires, access.grant)
