"""HS256: HMAC with SHA-256 (RFC 7518, section 3.2). Who checks such a token could have made it."""

import os

from keybound.domain.text.digests import compare_digest, hmac_sha256
from keybound.jose.base import Family, Jwk
from keybound.jose.base64url import decode, encode

LEAST_BYTES = 32  # RFC 7518 asks for as many as the hash has


def from_shared(secret: bytes) -> Jwk:
    """The key that a secret shared with a verifier is. Raises ValueError for one that is too short."""
    if len(secret) < LEAST_BYTES:
        raise ValueError(f"a key of HS256 needs at least {LEAST_BYTES} bytes")
    return {"kty": "oct", "k": encode(secret)}


def _make() -> Jwk:
    return from_shared(os.urandom(LEAST_BYTES))


def _sign(jwk: Jwk, message: bytes) -> bytes:
    key = decode(jwk["k"])
    if len(key) < LEAST_BYTES:
        raise ValueError(f"it has {len(key)} bytes, and must have {LEAST_BYTES}")
    return hmac_sha256(key, message)


def _verify(jwk: Jwk, message: bytes, signature: bytes) -> bool:
    return bool(compare_digest(_sign(jwk, message), signature))


FAMILY = Family(("HS256",), None, _make, _sign, _verify)
