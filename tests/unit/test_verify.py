"""What ``keybound.verify`` refuses: every attack that tokens are known for, each with its own line."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from keybound.jose.base64url import encode
from keybound.jose.compact import sign
from keybound.jose.families import family_of, public_half
from keybound.verify import LEEWAY, VerificationError, Verified, verify

NOW = 1_800_000_000
AUDIENCE = "https://deploy.example.com"
CONFIG = "a" * 64
KEY = family_of("OKP").make()
OTHER = family_of("OKP").make()
RSA = family_of("RSA").make()
CLAIMS: Mapping[str, Any] = {
    "iss": "i", "sub": "staging/deploy", "aud": AUDIENCE, "iat": NOW, "nbf": NOW, "exp": NOW + 900, "jti": "j",
    "keybound": {"profile": "staging", "token": "deploy", "config": CONFIG},
}  # fmt: skip
HEADER = {"alg": "EdDSA", "kid": "k1", "typ": "JWT"}


def published(jwk: Mapping[str, str], kid: str, **more: object) -> dict[str, object]:
    return {**(public_half(jwk) or {}), "kid": kid, "use": "sig", **more}


JWKS = {"keys": [published(KEY, "k1"), published(RSA, "r1")]}


def made(claims: Mapping[str, Any] = CLAIMS, header: Mapping[str, Any] = HEADER, key: Mapping[str, str] = KEY) -> str:
    return sign(key, header, claims)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in CLAIMS.items() if key != name}


def check(token: str, jwks: Any = JWKS, **more: Any) -> Verified:
    return verify(token, jwks, **{"audience": AUDIENCE, "now": NOW, **more})


def test_what_is_minted_is_accepted() -> None:
    found = check(made(), config=CONFIG, issuer="i")
    assert found == Verified(dict(CLAIMS), "k1", "EdDSA", "staging", "deploy", CONFIG)
    assert check(made(header={**HEADER, "alg": "Ed25519"})).alg == "Ed25519"
    assert check(made(), config=["b" * 64, CONFIG]).config == CONFIG
    assert check(made({**CLAIMS, "aud": ["other", AUDIENCE]}), audience=["x", AUDIENCE]).name == "deploy"


def unsigned(header: Mapping[str, Any]) -> str:
    return ".".join([encode(json.dumps(header).encode()), encode(json.dumps(CLAIMS).encode()), ""])


def hmac_by_the_public_key() -> str:
    """The oldest confusion: the public key, which everybody has, taken as a shared secret."""
    text = json.dumps(public_half(RSA)).encode()
    return sign({"kty": "oct", "k": encode(text)}, {"alg": "HS256", "kid": "r1"}, CLAIMS)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: unsigned({"alg": "none", "kid": "k1"}), "not a signed JWT"),
        (lambda: unsigned({"alg": "none", "kid": "k1"}) + "AA", "its algorithm 'none' is not that of its key"),
        (lambda: made(header={**HEADER, "alg": "none"}), "its algorithm 'none' is not that of its key, EdDSA"),
        (lambda: made(header={**HEADER, "alg": ["EdDSA"]}), "is not that of its key"),
        (hmac_by_the_public_key, "its algorithm 'HS256' is not that of its key, RS256"),
        (lambda: made(header={**HEADER, "kid": "r1"}), "its algorithm 'EdDSA' is not that of its key, RS256"),
        (lambda: made(key=OTHER), "its signature does not hold"),
        (lambda: made(header={**HEADER, "kid": "k2"}), "no key 'k2'"),
        (lambda: made(header={"alg": "EdDSA"}), "names no key"),
        (lambda: made(header={**HEADER, "kid": 1}), "no key 1"),
        (lambda: made(header={**HEADER, "crit": ["exp"]}), "an extension"),
        (lambda: made(header={**HEADER, "b64": False}), "an extension"),
        (lambda: made(header={**HEADER, "jwk": public_half(OTHER)}, key=OTHER), "its signature does not hold"),
        (lambda: made({**CLAIMS, "exp": NOW - LEEWAY}), "it has expired"),
        (lambda: made({**CLAIMS, "nbf": NOW + LEEWAY + 1}), "it is not valid yet"),
        (lambda: made({**CLAIMS, "iat": NOW + LEEWAY + 1}), "it is not valid yet"),
        *((lambda name=name: made(without(name)), f"its claim {name} is not a time") for name in ("exp", "nbf", "iat")),
        (lambda: made({**CLAIMS, "exp": str(NOW + 900)}), "its claim exp is not a time"),
        (lambda: made({**CLAIMS, "exp": True}), "its claim exp is not a time"),
        (lambda: made({**CLAIMS, "exp": 1e300}), "its claim exp is not a time"),
        (lambda: made({**CLAIMS, "nbf": -1}), "its claim nbf is not a time"),
        (lambda: made(without("aud")), "it is not for 'https://deploy.example.com'"),
        (lambda: made({**CLAIMS, "aud": "https://deploy.example.com.evil.example"}), "it is not for"),
        (lambda: made({**CLAIMS, "aud": {AUDIENCE: 1}}), "it is not for"),
        (lambda: made({**CLAIMS, "aud": [[AUDIENCE]]}), "it is not for"),
        (lambda: made(without("keybound")), "was not minted by Keybound"),
        (lambda: made({**CLAIMS, "keybound": "staging"}), "was not minted by Keybound"),
        (lambda: made({**CLAIMS, "keybound": {"profile": "p", "token": "t"}}), "was not minted by Keybound"),
        (lambda: made() + ".", "not a signed JWT"),
        (lambda: made() + "=", "not a signed JWT"),
        (lambda: made() + "\n", "not a signed JWT"),
        (lambda: "", "not a signed JWT"),
        (lambda: "x" * 20_000, "longer than 16384 bytes"),
        (lambda: ".".join(made().split(".")[:2]), "not a signed JWT"),
    ],
)  # fmt: skip
def test_what_is_not_is_refused(make: Callable[[], str], words: str) -> None:
    with pytest.raises(VerificationError) as refusal:
        check(make())
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"config": "b" * 64}, f"it was minted under another configuration: {CONFIG}"),
        ({"config": []}, "another configuration"),
        ({"config": CONFIG.upper()}, "another configuration"),
        ({"issuer": "other"}, "its issuer is not 'other'"),
        ({"audience": "other"}, "it is not for 'other'"),
        ({"audience": []}, "it is not for"),
        ({"audience": AUDIENCE[:-1]}, "it is not for"),
        ({"now": NOW + 900 + LEEWAY}, "it has expired"),
        ({"now": NOW + 900, "leeway": 0}, "it has expired"),
        ({"now": NOW - 1, "leeway": 0}, "it is not valid yet"),
        ({"jwks": {}}, "no key 'k1'"),
        ({"jwks": {"keys": {}}}, "no key 'k1'"),
        ({"jwks": {"keys": [published(KEY, "k1"), published(KEY, "k1")]}}, "several keys 'k1'"),
        ({"jwks": {"keys": [published(KEY, "k1", use="enc")]}}, "not for signatures"),
        ({"jwks": {"keys": [published(KEY, "k1", key_ops=["sign"])]}}, "not for signatures"),
        ({"jwks": {"keys": [published(KEY, "k1", alg="ES256")]}}, "is not that of its key, ES256"),
        ({"jwks": {"keys": [published(KEY, "k1", kty="dir")]}}, "keys of type 'dir' are not known"),
        ({"jwks": {"keys": [published(KEY, "k1", crv="Ed448")]}}, "its curve is not Ed25519"),
        ({"jwks": {"keys": [published(KEY, "k1", x="AA")]}}, "32"),
        ({"jwks": {"keys": [{"kid": "k1", "kty": "OKP", "crv": "Ed25519"}]}}, "its key has no x"),
        ({"jwks": {"keys": [{"kid": "k1", "kty": 7}]}}, "keys of type '' are not known"),
    ],
)  # fmt: skip
def test_the_verifier_decides_what_it_accepts(more: dict[str, Any], words: str) -> None:
    with pytest.raises(VerificationError) as refusal:
        check(made(), **more)
    assert words in str(refusal.value)


def test_times_hold_to_the_second_with_their_leeway() -> None:
    check(made(), now=NOW + 900 + LEEWAY - 0.5)
    check(made(), now=NOW - LEEWAY)
    check(made(), now=NOW, leeway=0)


def test_no_refusal_says_more_than_it_must() -> None:
    token = made(key=OTHER)
    for text in (token, token[:-8] + "A" * 8):
        with pytest.raises(VerificationError) as refusal:
            check(text)
        assert text.rpartition(".")[2] not in str(refusal.value)
        assert KEY["x"] not in str(refusal.value)


def test_importing_it_loads_neither_the_application_nor_a_keyring() -> None:
    code = "import sys, keybound.verify; print([name for name in sys.modules if name.partition('.')[0] in %r])"
    heavy = ("textual", "keyring", "jeepney", "jwt", "tomlkit", "yaml", "pyrage", "platformdirs", "re2")
    told = subprocess.run([sys.executable, "-I", "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    code = "import sys, keybound.verify; print([name for name in sys.modules if name.startswith('keybound.')])"
    told = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in json.loads(told.stdout.replace("'", '"'))}
    assert rooms == {"domain", "jose", "verify"}
