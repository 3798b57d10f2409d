"""What a token takes from its provider's entry, sealed by value: where its secret may be sent, and to ask what.

An envelope's ``requests`` hold the kind they were taken for, and a table for ``probe`` and ``revoke`` each. They stand
outside the definition's digest: an entry that says something else later changes neither them nor the token.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import quote_plus, urlsplit

from keybound.domain.values.readings import Value

PROBE, REVOKE, KIND = "probe", "revoke", "kind"
Requests: TypeAlias = Mapping[str, object]


class SealedRequest(NamedTuple):
    """One request. ``{secret}`` in headers or body stands for the secret.

    ``template``: what the entry has where a key's value stands in address or body. ``prefixes``: what the secret must begin
    with, () for anything. ``identity``, ``scopes``, ``expires``, ``alive``: places in the answer, ``body:PATH``,
    ``header:NAME`` or ``xml:TAG``; what ``alive`` names must be there. ``dead``: ``PLACE=TEXT``, answers that say that the
    token is no more. ``unsure``: a 401 may be about the form of the token, for the entry does not say for which of several
    it is. ``sign``: how the secret signs the request instead of being in it: ``aws4 SERVICE REGION KEY-ID``.
    """

    method: str
    url: str
    headers: tuple[str, ...] = ()
    body: str = ""
    identity: str = ""
    scopes: str = ""
    expires: str = ""
    alive: str = ""
    dead: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    template: str = ""
    unsure: bool = False
    sign: str = ""

    @property
    def host(self) -> str:
        """Where it goes."""
        return urlsplit(self.url).netloc

    @property
    def words(self) -> str:
        """What is asked, for a person."""
        return f"{self.method} {self.url}"

    def fields(self) -> dict[str, Value]:
        """As an envelope keeps it."""
        texts = {name: list(value) if isinstance(value, tuple) else value for name, value in self._asdict().items()}
        return {name: value for name, value in texts.items() if value}


def as_values(requests: Requests) -> dict[str, Value]:
    """Requests as they are compared and shown: without the kind, which the definition has."""
    found = {name: sealed_request(requests, name) for name in (PROBE, REVOKE)}
    return {name: one.fields() for name, one in found.items() if one is not None}


def sealed_request(requests: Requests, name: str) -> SealedRequest | None:
    """The request of that name; None where there is none, or a newer version wrote what this one does not know."""
    table = requests.get(name)
    if not isinstance(table, Mapping):
        return None
    try:
        return SealedRequest(**{key: _read(value) for key, value in table.items()})  # type: ignore[arg-type]
    except TypeError:
        return None


def _read(value: object) -> str | bool | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(map(str, value))
    return value if isinstance(value, bool) else str(value)


def oauth_revocation(endpoint: str, client_id: str, hint: str = "") -> SealedRequest:
    """A public client's request to an OAuth revocation endpoint (RFC 7009). ``hint``: access_token or refresh_token, or ""."""
    more = f"&token_type_hint={quote_plus(hint)}" if hint else ""
    return SealedRequest(
        "POST",
        endpoint,
        ("Content-Type: application/x-www-form-urlencoded",),
        f"token={{secret}}&client_id={quote_plus(client_id)}{more}",
    )
