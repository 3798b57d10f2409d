"""The compact form of a signed token (RFC 7515, section 7.1; RFC 7519): made, taken apart strictly, and checked by a key."""

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
    payload: bytes
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
    return Parts(read_table(decode(first), "header"), decode(second), f"{first}.{second}".encode(), decode(third))


def read_table(data: bytes, what: str) -> Mapping[str, object]:
    """The header or the claims. Raises ValueError for what is no table of JSON, or has a name twice."""
    try:
        found = loads_strictly(data.decode())
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise ValueError(f"its {what} is not a table of JSON, or has a name twice")


def key_for_checking(keys: object, key_id: object) -> Jwk:
    """The key of this id in the ``keys`` of a key set (RFC 7517). Raises ValueError where there is not one for signatures."""
    rows = keys if isinstance(keys, list) else []
    found = [key for key in rows if isinstance(key, Mapping) and isinstance(key_id, str) and key.get("kid") == key_id]
    if key_id is None:
        raise ValueError("its header names no key (kid)")
    if len(found) != 1:
        raise ValueError(f"the key set has {'several keys' if found else 'no key'} {key_id!r}")
    operations = found[0].get("key_ops", ["verify"])
    if found[0].get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise ValueError(f"its key {key_id!r} is not for signatures")
    return {str(name): value for name, value in found[0].items() if isinstance(value, str)}


def check_signature(parts: Parts, jwk: Jwk) -> str:
    """The algorithm, once the signature holds. The key says which one it is for, never the token.

    Raises ValueError where it does not hold, or where the key cannot be used for it.
    """
    header, family = parts.header, family_of(jwk.get("kty", ""))
    if "crit" in header or "b64" in header:
        raise ValueError("its header asks for an extension that is not supported")
    alg, meant = header.get("alg"), jwk.get("alg", family.algs[0])
    if not isinstance(alg, str) or alg not in family.algs or meant not in family.algs:
        raise ValueError(f"its algorithm {alg!r} is not that of its key, {meant}")
    try:
        good = family.verify(jwk, parts.signed, parts.signature)
    except KeyError as fault:
        raise ValueError(f"its key has no {fault.args[0]}") from None
    if not good:
        raise ValueError("its signature does not hold")
    return alg
