"""What an envelope keeps beside its secret: secrets that are still to be revoked, and what OAuth gave to get the next one."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from keybound.domain.seal.secret_field import secret_field, secret_in
from keybound.domain.text.secret import Secret


class Retired(NamedTuple):
    """A secret that is no longer released and is to be revoked, not before ``due`` (ISO 8601).

    ``way``: how, as it was approved when the secret was retired, so that a later edit sends it nowhere else; {} where nothing
    was approved then.
    """

    secret: Secret
    due: str
    way: Mapping[str, Any] = {}

    def fields(self) -> dict[str, object]:
        """What is written of it."""
        return {**secret_field(self.secret), "due": self.due, "way": self.way}


class Grant(NamedTuple):
    """An OAuth 2.0 grant: the refresh token, the endpoints of its server (https; "" for none), and the scopes that it has."""

    refresh_token: Secret
    token_endpoint: str
    revocation_endpoint: str = ""
    client_id: str = ""

    def fields(self) -> dict[str, object]:
        """What is written of it."""
        told = {name: value for name, value in self._asdict().items() if value and name != "refresh_token"}
        return {**secret_field(self.refresh_token), **told}


def retired_of(fields: Any) -> Retired:
    """Read one. Raises ValueError, TypeError, KeyError, AttributeError for what is none."""
    secret, way = secret_in(fields), fields["way"]
    if secret is None or not isinstance(way, dict):
        raise ValueError
    return Retired(secret, str(fields["due"]), way)


def grant_of(fields: Any) -> Grant:
    """Read one. Raises as :func:`retired_of` does."""
    secret = secret_in(fields)
    if secret is None:
        raise ValueError
    others = (str(fields.get(name, "")) for name in ("revocation_endpoint", "client_id"))
    return Grant(secret, str(fields["token_endpoint"]), *others)
