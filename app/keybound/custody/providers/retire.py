"""Put a secret aside that is to be revoked: it is no longer released, and is kept until its provider has ended it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from keybound.domain.profile.definition import Token
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import REVOKE, oauth_revocation, sealed_request
from keybound.domain.seal.retired import Retired
from keybound.domain.values.moments import stamp

_ACCESS, _REFRESH = "access_token", "refresh_token"  # RFC 7009, section 2.1


def approved_way(token: Token, envelope: Envelope) -> Mapping[str, Any]:
    """How a secret of this token is revoked, as it was approved; {} where nothing was.

    By its own command; else as its OAuth server, or its provider's entry, has it.
    """
    command = token.revoke.command if token.revoke is not None else None
    if command is None:
        return _by_provider(envelope)
    noted = {name: list(envelope.programs[name]) for name in ("revoke", "PATH") if name in envelope.programs}
    told = {"argv": list(command.argv), "folder": command.folder, "timeout": command.timeout}
    return {"command": {**told, "inputs": list(command.inputs)}, "programs": noted} if "revoke" in noted else {}


def _by_provider(envelope: Envelope) -> Mapping[str, Any]:
    grant = envelope.oauth
    if grant is not None and grant.revocation_endpoint:
        return {"request": oauth_revocation(grant.revocation_endpoint, grant.client_id, _ACCESS).fields()}
    return {"request": envelope.requests[REVOKE]} if sealed_request(envelope.requests, REVOKE) else {}


def with_retired(envelope: Envelope, token: Token, now: datetime) -> Envelope:
    """The envelope with its present secret put aside, where the definition says how to revoke it; else as it was.

    It is due when the token's overlap is over: until then whoever holds it can go on with it.
    """
    if token.revoke is None:
        return envelope
    return with_secret_aside(envelope, token, now + timedelta(seconds=token.overlap))


def with_secret_aside(envelope: Envelope, token: Token, due: datetime) -> Envelope:
    """The envelope with its present secret put aside, to be revoked from ``due`` on in the approved way.

    A signing key is nobody's to revoke: it is never sent anywhere.
    """
    if envelope.secret is None or envelope.signs:
        return envelope
    old = Retired(envelope.secret, stamp(due), approved_way(token, envelope))
    return envelope._replace(retired=(*envelope.retired, old))


def with_replaced(envelope: Envelope, token: Token, now: datetime) -> Envelope:
    """The envelope whose secret is about to be replaced: as :func:`with_retired`, but for an access token of OAuth.

    A server that is asked to revoke one may end the whole login with it (RFC 7009, section 2.1); it ends by itself soon.
    """
    by_itself = token.oauth is not None and token.revoke is not None and token.revoke.command is None
    return envelope if by_itself else with_retired(envelope, token, now)


def with_grant_aside(envelope: Envelope, due: datetime) -> Envelope:
    """The envelope with what would get the next secret put aside too, so that the whole login ends."""
    grant = envelope.oauth
    if grant is None or not grant.revocation_endpoint:
        return envelope
    request = oauth_revocation(grant.revocation_endpoint, grant.client_id, _REFRESH)
    last = Retired(grant.refresh_token, stamp(due), {"request": request.fields()})
    return envelope._replace(retired=(*envelope.retired, last), oauth=None)


def without_replaced(envelope: Envelope) -> Envelope:
    """The envelope without those retired secrets that are its present one: what is in use is never revoked."""
    return envelope._replace(retired=tuple(one for one in envelope.retired if one.secret != envelope.secret))
