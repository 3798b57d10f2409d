"""The compact form of a signed token (RFC 7515, section 7.1; RFC 7519): made, and taken apart strictly."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from keybound.domain.text.compact_json import dumps, loads_strictly
from keybound.jose.base import Jwk
from keybound.jose.base64url import decode, encode
from keybound.jose.families import family_of

MOST_BYTES = 16_384  # of a token: headers of requests hold no more
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Parts(NamedTuple):
    """A token taken apart; nothing of it is to be believed before its signature holds."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    signed: bytes
    signature: bytes


def sign(jwk: Jwk, header: Mapping[str, object], claims: Mapping[str, object]) -> str:
    """A signed token. Raises ValueError for a key that cannot be used, or a token that would be too long."""
    message = ".".join(encode(dumps(dict(part)).encode()) for part in (header, claims))
    token = f"{message}.{encode(family_of(jwk['kty']).sign(jwk, message.encode()))}"
    if len(token) > MOST_BYTES:
        raise ValueError(f"the token would be {len(token)} bytes long, and may be {MOST_BYTES} at most")
    return token


def take_apart(token: str) -> Parts:
    """The parts of a token. Raises ValueError that says what is wrong with its form."""
    if len(token) > MOST_BYTES:
        raise ValueError(f"it is longer than {MOST_BYTES} bytes")
    if not _FORM.fullmatch(token):
        raise ValueError("it is not a signed JWT: three parts of base64url, with dots between")
    first, second, third = token.split(".")
    return Parts(_table(first, "header"), _table(second, "claims"), f"{first}.{second}".encode(), decode(third))


def _table(text: str, what: str) -> Mapping[str, object]:
    try:
        found = loads_strictly(decode(text).decode())
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError(f"its {what} is not a table of JSON in base64url, or has a name twice")
