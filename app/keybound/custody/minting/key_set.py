"""The signing keys of a minted token: the current one, and those whose last tokens have not ended yet.

They are the secret of its envelope, as one JSON text, so that a rotation is one write.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from keybound.domain.errors import RefusedError
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.secret import Secret, expose_secret
from keybound.jose.base import Jwk
from keybound.jose.families import family_of, public_half, thumbprint, type_of

MARGIN = 300  # seconds that a retired key stays beyond the end of its last token: for clocks that differ
FORMAT = 1


class SigningKey(NamedTuple):
    """A key. ``ttl``: the longest life in seconds of what it signed; ``until``: when a retired one goes, in epoch seconds.

    A retired key is only its public half, where it has one.
    """

    id: str
    jwk: Jwk
    ttl: int
    until: int = 0

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"


class KeySet(NamedTuple):
    """The key that signs, and those that are retired."""

    current: SigningKey
    retired: tuple[SigningKey, ...] = ()


def new_key(alg: str, ttl: int) -> SigningKey:
    """A fresh key for an algorithm."""
    return as_key(family_of(type_of(alg)).make(), ttl)


def as_key(jwk: Jwk, ttl: int) -> SigningKey:
    """A private key with its id: its public half's thumbprint; a random one where there is none to be made public."""
    public = public_half(jwk)
    return SigningKey(thumbprint(public) if public else os.urandom(16).hex(), jwk, ttl)


def rotated(keys: KeySet, fresh: SigningKey, now: int) -> KeySet:
    """The set once ``fresh`` signs: what the key before it signed is good to its end, and nothing new can be signed by it."""
    old = keys.current
    left = old._replace(jwk=public_half(old.jwk) or old.jwk, until=now + old.ttl + MARGIN)
    return KeySet(fresh, (left, *(one for one in keys.retired if one.until > now)))


def with_ttl(keys: KeySet, ttl: int) -> KeySet:
    """The set once its current key may sign tokens that are good this long."""
    return keys._replace(current=keys.current._replace(ttl=max(ttl, keys.current.ttl)))


def checking_keys(keys: KeySet, now: float) -> Iterator[dict[str, str]]:
    """What a verifier may still meet, as keys of a key set; those without a public half as they are."""
    for one in (keys.current, *(one for one in keys.retired if one.until > now)):
        alg = family_of(one.jwk["kty"]).algs[0]
        yield {**(public_half(one.jwk) or one.jwk), "kid": one.id, "use": "sig", "alg": alg}


def write_keys(keys: KeySet) -> Secret:
    """The set as a secret."""
    rows = [
        {"id": one.id, "jwk": dict(one.jwk), "ttl": one.ttl, "until": one.until}
        for one in (keys.current, *keys.retired)
    ]
    return Secret(dumps({"format": FORMAT, "keys": rows}))


def read_keys(secret: Secret) -> KeySet:
    """The set that a secret is. Raises RefusedError for one that is none."""
    try:
        table = loads(expose_secret(secret).decode())
        if table["format"] != FORMAT:
            raise RefusedError("its signing keys were written by a newer Keybound")
        current, *retired = (_key(row) for row in table["keys"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RefusedError("its signing keys are damaged") from None
    return KeySet(current, tuple(retired))


def _key(row: Mapping[str, Any]) -> SigningKey:
    jwk = {str(name): str(text) for name, text in row["jwk"].items()}
    return SigningKey(str(row["id"]), jwk, int(row["ttl"]), int(row["until"]))
