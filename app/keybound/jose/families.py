"""The table of families, by the type of key; each is loaded when one of its keys is used."""

from importlib import import_module

from keybound.domain.text.digests import sha256
from keybound.jose.base import Family, Jwk
from keybound.jose.base64url import encode

# kty: the module, and the names of its algorithm
FAMILIES = {
    "OKP": ("okp", ("EdDSA", "Ed25519")),
    "EC": ("ec", ("ES256",)),
    "RSA": ("rsa", ("RS256",)),
    "oct": ("symmetric", ("HS256",)),
}
ALGS = tuple(alg for _, algs in FAMILIES.values() for alg in algs)


def type_of(alg: str) -> str:
    """The type of key that an algorithm signs by. Raises ValueError for an unknown one."""
    for kty, (_, algs) in FAMILIES.items():
        if alg in algs:
            return kty
    raise ValueError(f"the algorithm {alg!r} is not one of {', '.join(ALGS)}")


def family_of(kty: str) -> Family:
    """The family of a type of key. Raises ValueError for an unknown one."""
    if kty not in FAMILIES:
        raise ValueError(f"keys of type {kty!r} are not known")
    family: Family = import_module(f"keybound.jose.{FAMILIES[kty][0]}").FAMILY
    return family


def public_half(jwk: Jwk) -> dict[str, str] | None:
    """The members of a key that may be published; None where it has no public half."""
    public = family_of(jwk["kty"]).public
    return None if public is None else {name: jwk[name] for name in public}


def as_pem(jwk: Jwk) -> str:
    """The public half as PEM (RFC 7468). Raises ValueError where there is none."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    load = family_of(jwk["kty"]).load
    if load is None:
        raise ValueError("it has no public half")
    return load(jwk).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def thumbprint(public: Jwk) -> str:
    """The SHA-256 thumbprint of a public key (RFC 7638), as its id."""
    from keybound.domain.text.compact_json import dumps

    return encode(sha256(dumps(dict(public), sort=True).encode()).digest())
