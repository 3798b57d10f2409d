"""Log in by OAuth's device flow: the owner agrees in a browser, and the token gets its first secret, or a new one."""

from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.network import network_of
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import refuse_unread
from keybound.custody.evaluation.evaluate import Judged, find, find_locked
from keybound.custody.rotation.new_secret import NewSecret
from keybound.custody.rotation.oauth_answers import Access, DeviceCode, Endpoints, Wait
from keybound.custody.rotation.oauth_mark import clear_sent
from keybound.custody.rotation.oauth_server import begin, discover, poll
from keybound.custody.rotation.store import first_secret, store_secret
from keybound.custody.tokens.new_secret import check_refreshable, check_secret
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import OAuth
from keybound.domain.values.names import TokenId


class Login(NamedTuple):
    """A login that has begun: at whose server, and the code that the owner enters there."""

    token: TokenId
    oauth: OAuth
    endpoints: Endpoints
    code: DeviceCode


def begin_login(context: Context, token: TokenId) -> Login:
    """Ask the server for a code. Raises RefusedError where the token has no OAuth server, or may not have a new secret."""
    one = find(context, token)
    oauth = one.token.oauth if one.token else None
    if oauth is None:
        raise RefusedError(
            f"{token} does not say where to log in",
            hint='Say it in its profile: refresh = { oauth = { issuer = "https://…", client_id = "…" } }',
        )
    _check(one)
    network = network_of(context)
    endpoints = discover(network, oauth.issuer)
    return Login(token, oauth, endpoints, begin(network, endpoints, oauth.client_id, oauth.scopes))


def ask_once(context: Context, login: Login) -> Access | Wait:
    """Whether the owner has agreed by now. Raises RefusedError where they declined or the code is too old."""
    return poll(network_of(context), login.endpoints, login.oauth.client_id, login.code, context.clock())


def finish_login(context: Context, login: Login, access: Access) -> Judged:
    """Store what was given, sealed on what is there now; return the token as it stands then."""
    found = NewSecret(access.secret, {"by": "login", "issuer": login.oauth.issuer}, access.expires, access.grant)
    with changing(context):
        one = find_locked(context, login.token)
        if one.token is None or one.token.oauth != login.oauth:
            raise RefusedError(f"{login.token} has changed meanwhile", hint="Nothing was stored. Log in again.")
        _check(one)
        check_secret(found.secret, one.token.env)
        if one.held.envelope is None:
            transaction.run(context, first_secret(context, one, found))
        else:
            store_secret(context, one, found)
    clear_sent(context, login.token)
    return find(context, login.token)


def _check(one: Judged) -> None:
    if one.held.envelope is not None:
        check_refreshable(one)
    else:
        refuse_unread(one.held, one.id)
