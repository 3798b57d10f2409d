"""A JWT's signature: what the key says may be used, never what the token says."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.utils import base64url_decode

from keybound.custody.tokens.signature import check_signature
from keybound.domain.profile.definition import JwtCheck
from keybound.domain.seal.carried import GOOD
from keybound.domain.text.secret import Secret

CLAIMS = {"sub": "ann"}
RSA, RSA_SHORT = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)
P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
ED = ed25519.Ed25519PrivateKey.generate()
OTHER = ed25519.Ed25519PrivateKey.generate()


def pem(key: Any) -> bytes:
    made: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made


def by_key(folder: Path, data: bytes) -> JwtCheck:
    (folder / "key.pem").write_bytes(data)
    return JwtCheck(str(folder / "key.pem"), "")


def by_set(folder: Path, *rows: Mapping[str, object]) -> JwtCheck:
    (folder / "keys.json").write_text(json.dumps({"keys": list(rows)}))
    return JwtCheck("", str(folder / "keys.json"))


def row(key: Any, algorithm: Any, **more: object) -> dict[str, object]:
    return {**json.loads(algorithm.to_jwk(key.public_key())), **more}


def signed(key: Any, algorithm: str, **header: Any) -> str:
    signing = jwt.PyJWS()
    signing.register_algorithm("Ed25519", OKPAlgorithm())
    return signing.encode(json.dumps(CLAIMS).encode(), key, algorithm, headers=header or None)


def check(text: str, by: JwtCheck) -> str:
    return check_signature(Secret(text), by)


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSA, "RS256"), (RSA, "RS512"), (RSA, "PS384"), (P256, "ES256"), (P384, "ES384"), (ED, "EdDSA"), (ED, "Ed25519"),
    ],
)  # fmt: skip
def test_a_good_signature_is_good_by_key_and_by_set(tmp_path: Path, key: Any, algorithm: str) -> None:
    text = signed(key, algorithm)
    assert check(text, by_key(tmp_path, pem(key))) == GOOD
    of = {"R": RSAAlgorithm, "P": RSAAlgorithm, "E": ECAlgorithm}.get(algorithm[0]) if key is not ED else OKPAlgorithm
    assert check(text, by_set(tmp_path, row(key, of))) == GOOD
    head, body, _ = text.split(".")
    assert check(f"{head}.{body}.{'A' * 86}", by_key(tmp_path, pem(key))) != GOOD
    assert check(text, by_key(tmp_path, pem(OTHER if key is ED else ED))) != GOOD


def test_the_public_key_is_never_taken_for_a_shared_secret(tmp_path: Path) -> None:
    def part(data: bytes) -> bytes:
        return urlsafe_b64encode(data).rstrip(b"=")

    for key in (RSA, P256, ED):
        head = part(b'{"alg":"HS256"}') + b"." + part(json.dumps(CLAIMS).encode())
        forged = head + b"." + part(hmac.new(pem(key), head, hashlib.sha256).digest())
        found = check(forged.decode(), by_key(tmp_path, pem(key)))
        assert found == "its algorithm HS256 is not one of its key"


def test_the_key_decides_which_algorithms_there_are(tmp_path: Path) -> None:
    assert "not one of its key" in check(signed(P256, "ES256"), by_key(tmp_path, pem(RSA)))
    assert "not one of its key" in check(signed(RSA, "RS256"), by_set(tmp_path, row(RSA, RSAAlgorithm, alg="PS256")))
    assert check(signed(ED, "EdDSA"), by_set(tmp_path, row(ED, OKPAlgorithm, alg="Ed25519"))) == GOOD
    assert check(signed(ED, "Ed25519"), by_set(tmp_path, row(ED, OKPAlgorithm, alg="EdDSA"))) == GOOD


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", ""])
def test_an_unsigned_token_is_refused(tmp_path: Path, algorithm: str) -> None:
    head, body = (
        urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": algorithm}, CLAIMS)
    )
    for end in ("", "AAAA"):
        assert check(f"{head}.{body}.{end}", by_key(tmp_path, pem(ED))) != GOOD


def test_a_weak_key_is_refused(tmp_path: Path) -> None:
    with catch_warnings():
        simplefilter("ignore")  # newer versions of PyJWT warn of it
        text, weak = signed(RSA_SHORT, "RS256"), signed(b"short", "HS256")
    assert check(text, by_key(tmp_path, pem(RSA_SHORT))) == "its key is too short"
    short = {"kty": "oct", "k": "c2hvcnQ"}
    assert check(weak, by_set(tmp_path, short)) == "its key is too short"
    good = {"kty": "oct", "k": "a" * 43}
    assert check(signed(base64url_decode("a" * 43), "HS256"), by_set(tmp_path, good)) == GOOD


def test_the_set_is_looked_into_by_the_keys_name(tmp_path: Path) -> None:
    both = by_set(tmp_path, row(OTHER, OKPAlgorithm, kid="old"), row(ED, OKPAlgorithm, kid="new"))
    assert check(signed(ED, "EdDSA", kid="new"), both) == GOOD
    assert check(signed(ED, "EdDSA"), both) == GOOD
    assert check(signed(ED, "EdDSA", kid="old"), both) == "the signature does not fit"
    assert check(signed(ED, "EdDSA", kid="none"), both) == "no key is named as it asks for"
    encrypting = by_set(tmp_path, row(ED, OKPAlgorithm, use="enc"))
    assert check(signed(ED, "EdDSA"), encrypting) != GOOD


def test_extensions_that_must_be_understood_are_refused(tmp_path: Path) -> None:
    text = jwt.encode(CLAIMS, ED, "EdDSA", headers={"crit": ["exp"], "exp": 1})
    assert check(text, by_key(tmp_path, pem(ED))) == "it asks for extensions that are not known here"


@pytest.mark.parametrize("data", [b"", b"no key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_file_without_a_key_is_named(tmp_path: Path, data: bytes) -> None:
    for by in (by_key(tmp_path, data), JwtCheck("", str(tmp_path / "key.pem"))):
        found = check(signed(ED, "EdDSA"), by)
        assert str(tmp_path) in found
    assert "no such file" in check(signed(ED, "EdDSA"), JwtCheck(str(tmp_path / "gone"), ""))


def test_a_private_key_is_not_asked_for(tmp_path: Path) -> None:
    private = ED.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert "no public key" in check(signed(ED, "EdDSA"), by_key(tmp_path, private))


@pytest.mark.parametrize("rows", [[], [7], [{}], [{"kty": "RSA"}], [{"kty": "OKP", "crv": "X25519", "x": "AA"}]])
def test_a_set_that_holds_nothing_of_use_is_no_crash(tmp_path: Path, rows: list[Any]) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"keys": rows}))
    assert check(signed(ED, "EdDSA"), JwtCheck("", str(tmp_path / "keys.json"))) == "no key is named as it asks for"


def test_what_is_no_jwt_is_said(tmp_path: Path) -> None:
    assert check("ghp_x", by_key(tmp_path, pem(ED))) == "it is no JWT"
