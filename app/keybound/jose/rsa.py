"""RS256: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3), of 2048 bits at least."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateNumbers,
    RSAPublicKey,
    RSAPublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from keybound.jose.base import Family, Jwk
from keybound.jose.base64url import decode_number, encode_number

_BITS = 2048
_MOST_BITS = 8192  # a key of any size would let whoever names it keep a verifier busy


def _make() -> Jwk:
    numbers = generate_private_key(65537, _BITS).private_numbers()
    public = numbers.public_numbers
    parts = {
        "n": public.n,
        "e": public.e,
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    return {"kty": "RSA", **{name: encode_number(part) for name, part in parts.items()}}


def _public(jwk: Jwk) -> RSAPublicNumbers:
    numbers = RSAPublicNumbers(decode_number(jwk["e"]), decode_number(jwk["n"]))
    if not _BITS <= numbers.n.bit_length() <= _MOST_BITS:
        raise ValueError(f"it has {numbers.n.bit_length()} bits, and must have {_BITS} to {_MOST_BITS}")
    return numbers


def _sign(jwk: Jwk, message: bytes) -> bytes:
    secret = {name: decode_number(jwk[name]) for name in ("p", "q", "d", "dp", "dq", "qi")}
    numbers = RSAPrivateNumbers(
        secret["p"], secret["q"], secret["d"], secret["dp"], secret["dq"], secret["qi"], _public(jwk)
    )
    return numbers.private_key().sign(message, PKCS1v15(), SHA256())


def _load(jwk: Jwk) -> RSAPublicKey:
    return _public(jwk).public_key()


def _verify(jwk: Jwk, message: bytes, signature: bytes) -> bool:
    try:
        _load(jwk).verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


FAMILY = Family(("RS256",), ("kty", "n", "e"), _make, _sign, _verify, _load)
