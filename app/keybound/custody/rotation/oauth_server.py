"""Speak to an OAuth 2.0 server as a client without a secret: its endpoints, device authorization, tokens, revocation.

Endpoints are those that the issuer publishes (RFC 8414; OpenID Connect Discovery 1.0). authlib makes the requests and reads
the answers; they are sent by our own client.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from keybound.custody.rotation.oauth_answers import (
    Access,
    DeviceCode,
    Endpoints,
    OAuthRefusedError,
    UnansweredError,
    Wait,
    access_of,
    device_code_of,
    endpoints_of,
    refusal_of,
    table_of,
)
from keybound.domain.errors import RefusedError
from keybound.domain.seal.retired import Grant
from keybound.domain.text.secret import Secret, expose_secret
from keybound.remote.client import exchange
from keybound.remote.http import HttpFault, HttpRequest, HttpResponse, Network

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"  # RFC 8628, section 3.4


def discover(network: Network, issuer: str) -> Endpoints:
    """What the issuer publishes of its server. Raises RefusedError where it publishes nothing that can be used."""
    parts = urlsplit(issuer)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    places = (f"{issuer}/.well-known/openid-configuration", f"{origin}/.well-known/oauth-authorization-server{path}")
    status = 0
    for place in places:
        found = exchange(network, HttpRequest("GET", place))
        if isinstance(found, HttpFault):
            raise UnansweredError(f"{parts.hostname}: {found.why}", sent=False)
        if found.status == 200:
            return endpoints_of(issuer, table_of(found))
        status = found.status
    raise RefusedError(f"{issuer} does not publish how it is asked (status {status})")


def begin(network: Network, endpoints: Endpoints, client_id: str, scopes: tuple[str, ...]) -> DeviceCode:
    """Ask for a code that the owner enters in a browser (RFC 8628, section 3.1). Raises RefusedError."""
    if not endpoints.device:
        raise RefusedError("its server does not offer the device flow")
    scope = {"scope": " ".join(scopes)} if scopes else {}
    found = _post(network, endpoints.device, {"client_id": client_id, **scope})
    if isinstance(found, HttpFault):
        raise UnansweredError(found.why, sent=False)
    if found.status != 200:
        raise refusal_of(table_of(found))
    return device_code_of(table_of(found))


def poll(network: Network, endpoints: Endpoints, client_id: str, code: DeviceCode, now: datetime) -> Access | Wait:
    """Ask once whether the owner has agreed. Raises RefusedError where they declined, or the code is too old."""
    try:
        with _client(network, client_id) as client:
            told = _token(
                lambda: client.fetch_token(
                    endpoints.token,
                    grant_type=_DEVICE_GRANT,
                    device_code=expose_secret(code.code).decode(),
                )
            )
    except OAuthRefusedError as refusal:
        if refusal.code in ("authorization_pending", "slow_down"):
            return Wait.SLOWER if refusal.code == "slow_down" else Wait.PENDING
        raise
    return access_of(told, endpoints, client_id, None, now)


def renew(network: Network, grant: Grant, now: datetime) -> Access:
    """A new access token for a refresh token (RFC 6749, section 6). Raises OAuthRefusedError, UnansweredError."""
    endpoints = Endpoints(grant.token_endpoint, revocation=grant.revocation_endpoint)
    with _client(network, grant.client_id) as client:
        told = _token(
            lambda: client.refresh_token(
                grant.token_endpoint,
                refresh_token=expose_secret(grant.refresh_token).decode(),
            )
        )
    return access_of(told, endpoints, grant.client_id, grant.refresh_token, now)


def _post(network: Network, url: str, form: Mapping[str, str]) -> HttpResponse | HttpFault:
    headers = (("Content-Type", Secret("application/x-www-form-urlencoded")),)
    return exchange(network, HttpRequest("POST", url, headers, Secret(urlencode(form))))


def _client(network: Network, client_id: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client

    from keybound.remote.transport import BoundedTransport

    return OAuth2Client(
        client_id,
        token_endpoint_auth_method="none",  # noqa: S106 - the name of a method: the client has no secret
        transport=BoundedTransport(network),
        trust_env=False,
        follow_redirects=False,
    )


def _asked(ask: Any) -> Any:
    """Send a request of the library's. What it raises holds the request: only its words are kept."""
    from keybound.remote.transport import NoAnswerError

    try:
        return ask()
    except NoAnswerError as silence:
        fault = silence.fault
    raise UnansweredError(fault.why, sent=fault.sent)


def _token(ask: Any) -> Mapping[str, Any]:
    from authlib.integrations.base_client.errors import OAuthError

    try:
        told = _asked(ask)
    except OAuthError as error:
        code, words = str(error.error), str(error.description or "")
    except (ValueError, TypeError, ArithmeticError, RecursionError):  # no JSON, or values that the library cannot read
        code, words = "", "its server's answer cannot be understood"
    except Exception as error:
        from httpx2 import HTTPStatusError

        if not isinstance(error, HTTPStatusError):
            raise
        code, words = "", f"its server failed with status {error.response.status_code}"
    else:
        return dict(told) if isinstance(told, Mapping) else {}
    if not code:
        raise UnansweredError(words, sent=True)
    raise refusal_of({"error": code, "error_description": words})
