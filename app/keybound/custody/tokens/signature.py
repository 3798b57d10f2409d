"""Whether a JWT's signature is good, by the public key or the key set that its definition names.

It is checked where the secret is stored or approved, and probed; what came out is kept in the envelope.
"""

import json
from collections.abc import Iterator
from typing import Any

from keybound.domain.profile.definition import JwtCheck, Token
from keybound.domain.seal.carried import GOOD, decode_jwt
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.readings import Unreadable
from keybound.sources.files.open_file import Content, open_once

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_LEAST_HMAC = {"HS256": 32, "HS384": 48, "HS512": 64}  # bytes: as long as what the hash gives (RFC 7518, section 3.2)
_LEAST_RSA = 2048  # bits
_EDWARDS = ("EdDSA", "Ed25519")  # one algorithm: RFC 9864 gives it the second name


class _BadKeyError(Exception):
    """The key cannot verify anything."""


def with_signature(envelope: Envelope, token: Token) -> Envelope:
    """The envelope with what came out of checking its secret; unchanged where no key is given."""
    if token.jwt is None or envelope.secret is None:
        return envelope._replace(carried={name: one for name, one in envelope.carried.items() if name != "signature"})
    return envelope._replace(carried={**envelope.carried, "signature": check_signature(envelope.secret, token.jwt)})


def check_signature(secret: Secret, check: JwtCheck) -> str:
    """:data:`GOOD`, or why the signature does not count."""
    decoded = decode_jwt(secret)
    if isinstance(decoded, Unreadable):
        return decoded.why
    header, _ = decoded
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none":
        return "nobody signed it"
    if "crit" in header:
        return "it asks for extensions that are not known here"
    try:
        keys = list(_keys(check, header.get("kid")))
        return _verified(secret, algorithm, keys)
    except _BadKeyError as fault:
        return str(fault)


def _verified(secret: Secret, algorithm: str, keys: list[tuple[Any, str | None]]) -> str:
    import jwt
    from jwt.algorithms import OKPAlgorithm

    signing = jwt.PyJWS()
    signing.register_algorithm("Ed25519", OKPAlgorithm())
    faults = []
    for key, named in keys:
        if algorithm not in _allowed(key) or (named and named != algorithm and {named, algorithm} != {*_EDWARDS}):
            faults.append(f"its algorithm {algorithm} is not one of its key")
            continue
        if weak := _weakness(key, algorithm):
            faults.append(weak)
            continue
        try:
            signing.decode(expose_secret(secret), key, algorithms=[algorithm])
        except (jwt.PyJWTError, ValueError, TypeError):
            faults.append("the signature does not fit")
        else:
            return GOOD
    return faults[0] if faults else "no key is named as it asks for"


def _allowed(key: Any) -> tuple[str, ...]:
    """The algorithms that belong to a key: the token has no say in it."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, bytes):
        return tuple(_LEAST_HMAC)
    if isinstance(key, rsa.RSAPublicKey):
        return _RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return (_CURVES.get(key.curve.name, ""),)
    return _EDWARDS if isinstance(key, ed25519.Ed25519PublicKey) else ()


def _weakness(key: Any, algorithm: str) -> str:
    if isinstance(key, bytes):
        return "its key is too short" if len(key) < _LEAST_HMAC[algorithm] else ""
    return "its key is too short" if getattr(key, "key_size", _LEAST_RSA) < _LEAST_RSA and algorithm in _RSA else ""


def _keys(check: JwtCheck, wanted: object) -> Iterator[tuple[Any, str | None]]:
    """The keys that may verify it, each with the algorithm that its set names for it."""
    path = check.key or check.jwks
    content = open_once(path)
    if not isinstance(content, Content):
        raise _BadKeyError(f"{path}: {content.why}")
    if check.key:
        yield _pem(path, content.data), None
        return
    yield from _of_set(path, content.data, wanted)


def _pem(path: str, data: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _BadKeyError(f"{path}: it is no public key (PEM)") from None


def _of_set(path: str, data: bytes, wanted: object) -> Iterator[tuple[Any, str | None]]:
    import jwt

    try:
        rows = json.loads(data)["keys"]
        rows = [row for row in rows if isinstance(row, dict) and row.get("use", "sig") == "sig"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _BadKeyError(f"{path}: it is no JWK set") from None
    for row in rows:
        if isinstance(wanted, str) and row.get("kid", wanted) != wanted:
            continue
        public = {name: value for name, value in row.items() if row.get("kty") == "oct" or name not in ("d", "p", "q")}
        named = public.get("alg")
        try:
            key = jwt.PyJWK(public, algorithm=_loader(public)).key
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            continue
        yield key, named if isinstance(named, str) else None


def _loader(row: dict[str, Any]) -> str | None:
    """Any algorithm of the key's type: what is allowed is decided by the key itself."""
    if row.get("kty") == "EC":
        return {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}.get(str(row.get("crv")))
    return {"RSA": "RS256", "oct": "HS256", "OKP": "EdDSA"}.get(str(row.get("kty")))
