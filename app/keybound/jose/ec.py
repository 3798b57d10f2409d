"""ES256: ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from keybound.jose.base import Family, Jwk
from keybound.jose.base64url import decode, encode

_BYTES = 32  # of a coordinate, and of each half of a signature


def _make() -> Jwk:
    numbers = generate_private_key(SECP256R1()).private_numbers()
    public = numbers.public_numbers
    parts = {"x": public.x, "y": public.y, "d": numbers.private_value}
    return {"kty": "EC", "crv": "P-256", **{name: encode(part.to_bytes(_BYTES, "big")) for name, part in parts.items()}}


def _number(jwk: Jwk, name: str) -> int:
    data = decode(jwk[name])
    if len(data) != _BYTES:
        raise ValueError(f"its {name} is not of {_BYTES} bytes")
    return int.from_bytes(data, "big")


def _sign(jwk: Jwk, message: bytes) -> bytes:
    key = derive_private_key(_number(jwk, "d"), SECP256R1())
    halves = decode_dss_signature(key.sign(message, ECDSA(SHA256())))
    return b"".join(half.to_bytes(_BYTES, "big") for half in halves)


def _load(jwk: Jwk) -> EllipticCurvePublicKey:
    if jwk.get("crv") != "P-256":
        raise ValueError("its curve is not P-256")
    return EllipticCurvePublicNumbers(_number(jwk, "x"), _number(jwk, "y"), SECP256R1()).public_key()


def _verify(jwk: Jwk, message: bytes, signature: bytes) -> bool:
    key = _load(jwk)
    if len(signature) != 2 * _BYTES:
        return False
    halves = (int.from_bytes(signature[:_BYTES], "big"), int.from_bytes(signature[_BYTES:], "big"))
    try:
        key.verify(encode_dss_signature(*halves), message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


FAMILY = Family(("ES256",), ("kty", "crv", "x", "y"), _make, _sign, _verify, _load)
