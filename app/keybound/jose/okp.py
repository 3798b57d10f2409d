"""Ed25519 (RFC 8037); its old name in headers is EdDSA, its own is Ed25519 (RFC 9864)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from keybound.jose.base import Family, Jwk
from keybound.jose.base64url import decode, encode


def _make() -> Jwk:
    key = Ed25519PrivateKey.generate()
    public, private = key.public_key().public_bytes_raw(), key.private_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": encode(public), "d": encode(private)}


def _sign(jwk: Jwk, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(decode(jwk["d"])).sign(message)


def _load(jwk: Jwk) -> Ed25519PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise ValueError("its curve is not Ed25519")
    return Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))


def _verify(jwk: Jwk, message: bytes, signature: bytes) -> bool:
    try:
        _load(jwk).verify(signature, message)
    except InvalidSignature:
        return False
    return True


FAMILY = Family(("EdDSA", "Ed25519"), ("kty", "crv", "x"), _make, _sign, _verify, _load)
