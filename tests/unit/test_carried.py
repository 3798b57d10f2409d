"""What a token carries: claims of a JWT decoded where it stands, what its provider said, and what counts as neither."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import JwtCheck, Token
from keybound.domain.profile.inherit import effective, prepare
from keybound.domain.seal.carried import GOOD, LONGEST, carried_reading, carried_readings, carried_scopes
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Reading, Unreadable

KEY = "k" * 32
CLAIMS = {
    "sub": "ann",
    "iss": "https://auth.example.com",
    "aud": ["api", "web"],
    "exp": 4_102_444_800,
    "scope": "read write",
    "org": {"name": "acme", "teams": ["a", "b"]},
}
HEARD: dict[str, Any] = {
    "at": "2026-11-28T00:00:00+00:00",
    "identity": "octo",
    "scopes": ["repo"],
    "expires": "2027-01-31T00:00:00+00:00",
}


def token(**fields: Any) -> Token:
    table = prepare({"tokens": {"x": {"env": "X", **fields}}}, "/folder", "/home/ann")
    return effective(["p"], ["/p.toml"], [table]).tokens["x"]


def envelope(secret: "str | bytes", **carried: object) -> Envelope:
    return Envelope("/c", "p/x", "token", "1", 1, Secret(secret), carried=carried)


def reading(key: str, secret: "str | bytes", definition: Token | None = None, **carried: Any) -> Reading:
    return carried_reading(parse_key(key), definition or token(), envelope(secret, **carried))


def signed(claims: object = CLAIMS, **header: str) -> str:
    return jwt.encode(claims, KEY, "HS256", headers=header)  # type: ignore[arg-type]


def raw(header: object, claims: object) -> str:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in (header, claims)]
    return ".".join([*(urlsafe_b64encode(one.encode()).rstrip(b"=").decode() for one in texts), "c2ln"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("carried.identity", "ann"),
        ("carried.issuer", "https://auth.example.com"),
        ("carried.audience", ["api", "web"]),
        ("carried.expires", datetime(2100, 1, 1, tzinfo=UTC)),
        ("carried.scopes", ["read", "write"]),
        ("carried.claims.org.name", "acme"),
        ("carried.claims.org.teams[1]", "b"),
    ],
)
def test_a_jwt_says_who_it_is_for_what_and_until_when(key: str, value: Any) -> None:
    assert reading(key, signed()) == Found(value)


def test_scp_is_taken_for_scope_as_some_servers_write_it() -> None:
    assert reading("carried.scopes", signed({"scp": ["a", "b", "a"]})) == Found(["a", "b"])
    assert reading("carried.scopes", signed({"scp": "a b"})) == Found(["a", "b"])


@pytest.mark.parametrize("key", ["identity", "issuer", "audience", "expires", "scopes", "claims.org"])
def test_what_a_jwt_does_not_say_is_absent(key: str) -> None:
    assert isinstance(reading(f"carried.{key}", signed({})), Absent)


@pytest.mark.parametrize(
    ("key", "claims"),
    [
        ("identity", {"sub": 7}),
        ("issuer", {"iss": ["a"]}),
        ("audience", {"aud": ["a", 7]}),
        ("audience", {"aud": {"a": 1}}),
        ("expires", {"exp": "tomorrow"}),
        ("expires", {"exp": 4_102_444_800_000_000}),
        ("expires", {"exp": True}),
        ("scopes", {"scope": 7}),
        ("scopes", {"scope": ["a", 7]}),
    ],
)
def test_a_claim_of_another_type_is_unreadable(key: str, claims: object) -> None:
    assert isinstance(reading(f"carried.{key}", raw({"alg": "HS256"}, claims)), Unreadable)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("ghp_x", "never probed"),
        ("a.b.c", "never probed"),
        (raw({"alg": "none"}, CLAIMS), "nobody signed"),
        (raw({"alg": "NoNe"}, CLAIMS), "nobody signed"),
        (raw({"typ": "JWT"}, CLAIMS), "nobody signed"),
        (raw({"alg": 7}, CLAIMS), "nobody signed"),
        (raw({"alg": "HS256"}, "[1]"), "cannot be decoded"),
        (raw({"alg": "HS256"}, '{"sub": "ann", "sub": "bob"}'), "cannot be decoded"),
        (raw({"alg": "HS256"}, '{"exp": NaN}'), "cannot be decoded"),
        (raw({"alg": "HS256"}, '{"a":' * 40 + "1" + "}" * 40), "cannot be decoded"),
        (raw({"alg": "HS256"}, "[" * 40_000), "cannot be decoded"),
        (raw({"alg": "HS256"}, {"a": "x" * LONGEST}), "over 64 KiB"),
        ("eyJ\xff.é.x".encode("latin-1"), "cannot be decoded"),
        (b"ey\xff\xfe", "never probed"),
    ],
)
def test_what_is_no_sound_jwt_is_unreadable(secret: str | bytes, why: str) -> None:
    found = reading("carried.issuer", secret)
    assert isinstance(found, Unreadable)
    unreadable = reading("carried.identity", secret)
    assert isinstance(unreadable, Unreadable)
    assert why in f"{found.why} {unreadable.why}"


def test_a_provider_is_believed_before_the_token_itself() -> None:
    assert reading("carried.identity", signed(), **HEARD) == Found("octo")
    assert reading("carried.scopes", signed(), **HEARD) == Found(["repo"])
    assert reading("carried.expires", "opaque", **HEARD) == Found(datetime(2027, 1, 31, tzinfo=UTC))
    assert reading("carried.issuer", signed(), **HEARD) == Found("https://auth.example.com")


def test_what_was_said_of_a_former_secret_does_not_count() -> None:
    found = reading("carried.identity", "opaque", **HEARD, stale=True)
    assert isinstance(found, Unreadable)
    assert "replaced since it was probed" in found.why
    assert reading("carried.identity", signed(), **HEARD, stale=True) == Found("ann")


def test_what_a_provider_does_not_tell_is_absent() -> None:
    assert isinstance(reading("carried.identity", "opaque", at=HEARD["at"]), Absent)
    assert reading("carried.scopes", "opaque", at=HEARD["at"], scopes=[]) == Found([])


def test_where_a_key_is_given_only_a_verified_jwt_counts() -> None:
    checked = token(jwt={"key": "issuer.pem"})
    assert checked.jwt == JwtCheck("/folder/issuer.pem", "")
    assert isinstance(reading("carried.identity", signed(), checked), Unreadable)
    assert isinstance(reading("carried.identity", signed(), checked, signature="it does not fit"), Unreadable)
    assert reading("carried.identity", signed(), checked, signature=GOOD) == Found("ann")


def test_no_secret_carries_nothing() -> None:
    assert isinstance(carried_reading(parse_key("carried.identity"), token(), None), Unreadable)
    assert carried_scopes(token(), envelope("opaque")) is None
    assert carried_scopes(token(), envelope(signed())) == ("read", "write")


def test_only_bound_keys_are_read() -> None:
    assert carried_readings(token(), envelope(signed())) == {}
    bound = token(bound={"carried.identity": {"equals": "ann"}, "flags.a": {"equals": True}})
    assert list(carried_readings(bound, envelope(signed()))) == ["carried.identity"]


@pytest.mark.parametrize(
    "text", ["carried", "carried.scope", "carried.claims", "carried.identity.x", "carried[0]", "carried.scopes[0]"]
)
def test_what_is_no_carried_key_is_said_with_those_that_are(text: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        parse_key(text)
    assert refusal.value.hint == (
        "Known: carried.identity, carried.scopes, carried.expires, carried.issuer, carried.audience, carried.claims.PATH"
    )


def test_it_is_no_context_key_so_that_it_can_expire_a_token_for_everyone() -> None:
    assert not parse_key("carried.scopes").context
    bound = token(bound={"carried.scopes": {"subset_of": ["a"], "outside": "expire"}})
    assert bound.bindings[0].outside.word == "expire"
