"""What is minted is accepted, and nothing else: any claims, any lifetime, any one character changed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.custody.minting.key_set import KeySet, checking_keys, read_keys
from keybound.custody.minting.keys import with_fresh_key
from keybound.custody.minting.mint import Minted, mint
from keybound.domain.profile.definition import Profile
from keybound.domain.profile.inherit import effective
from keybound.domain.profile.mint import ALGS, MINT, RESERVED
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import expose_secret
from keybound.domain.values.readings import Absent, Found, Read, Value
from keybound.verify import LEEWAY, VerificationError, Verified, verify
from support.rounds import rounds

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
BEGUN = int(NOW.timestamp())
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="{}"), max_size=12)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
CLAIMS = st.dictionaries(TEXTS.filter(lambda name: name not in RESERVED), VALUES, max_size=4)
READINGS = st.dictionaries(st.sampled_from(["settings.a", "settings.b", "flags.c"]), st.none() | VALUES)


def profile_of(table: Mapping[str, Value], keys: Mapping[str, object]) -> Profile:
    """A profile whose token is minted so, and bound to these keys."""
    MINT.check(("mint",), table)
    token: dict[str, Value] = {
        "env": "T",
        "kind": "minted",
        "mint": table,
        "bound": {key: {"exists": True} for key in keys},
    }
    return effective(["p"], ["p.toml"], [{"settings": {"a": "filled"}, "tokens": {"t": token}}])


@cache
def envelope_of(alg: str) -> Envelope:
    """One that holds a key: made once, as some take long."""
    mint = profile_of({"alg": alg, "ttl": "24h", "audience": "a"}, {}).tokens["t"].mint
    assert mint is not None
    return with_fresh_key(Envelope("/home", "p/t", "token", "0", 1, None), mint, NOW)


def made(
    alg: str,
    claims: Mapping[str, Any],
    ttl: int,
    readings: Mapping[str, Any],
    held: tuple[str, ...] = (),
    late: float = 0,
) -> Minted:
    """What is signed ``late`` seconds after NOW."""
    table: dict[str, Value] = {"alg": alg, "ttl": f"{ttl}s", "audience": ["a", "{settings.a}"], "claims": claims}
    profile = profile_of(table, readings)
    found = {key: Read(Absent() if value is None else Found(value)) for key, value in readings.items()}
    when = datetime.fromtimestamp(BEGUN + late, UTC)
    return mint(profile, profile.tokens["t"], envelope_of(alg), found, when, held)


def text_of(one: Minted) -> str:
    return expose_secret(one.token).decode()


def checked(alg: str, text: str, **more: Any) -> Verified:
    secret = envelope_of(alg).secret
    assert secret is not None
    keys = {"keys": list(checking_keys(KeySet(read_keys(secret).current), 0))}
    return verify(text, keys, **{"audience": "a", "now": BEGUN, **more})


def accepted(alg: str, text: str, **more: Any) -> bool:
    try:
        checked(alg, text, **more)
    except VerificationError:
        return False
    return True


@settings(max_examples=rounds(150, 5, "KEYBOUND_ROUNDS"), deadline=None)
@given(st.sampled_from(ALGS), CLAIMS, st.integers(30, 86_400), READINGS)
def test_what_is_minted_says_what_it_should_and_is_accepted(
    alg: str, claims: dict[str, Any], ttl: int, readings: dict[str, Any]
) -> None:
    found = checked(alg, text_of(made(alg, claims, ttl, readings)))
    own = {name: value for name, value in found.claims.items() if name not in RESERVED}
    assert own == claims
    assert (found.claims["aud"], found.claims["sub"], found.alg) == (["a", "filled"], "p/t", alg)
    assert (found.claims["iat"], found.claims["exp"]) == (BEGUN, BEGUN + ttl)


@settings(max_examples=rounds(150, 5, "KEYBOUND_ROUNDS"), deadline=None)
@given(st.sampled_from(ALGS), st.integers(30, 86_400), st.integers(-100_000, 200_000))
def test_it_is_accepted_in_its_time_alone(alg: str, ttl: int, late: int) -> None:
    text = text_of(made(alg, {}, ttl, {}))
    assert accepted(alg, text, now=BEGUN + late) is (-LEEWAY <= late < ttl + LEEWAY)


@settings(max_examples=rounds(200, 10, "KEYBOUND_ROUNDS"), deadline=None)
@given(st.sampled_from(ALGS), CLAIMS, st.data())
def test_no_character_may_be_another(alg: str, claims: dict[str, Any], data: st.DataObject) -> None:
    text = text_of(made(alg, claims, 900, {}))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABab01-_.=").filter(lambda char: char != text[at]))
    assert not accepted(alg, text[:at] + other + text[at + 1 :])
    assert not accepted(alg, text[:at] + other + text[at:])
    assert not accepted(alg, text[:at] + text[at + 1 :])


@settings(max_examples=rounds(150, 5, "KEYBOUND_ROUNDS"), deadline=None)
@given(st.sampled_from(ALGS), READINGS, READINGS)
def test_the_configuration_is_compared(alg: str, readings: dict[str, Any], others: dict[str, Any]) -> None:
    one, other = text_of(made(alg, {}, 900, readings)), text_of(made(alg, {}, 900, others))
    config = checked(alg, one).config
    same = typed(readings) == typed(others)
    assert accepted(alg, other, config=config) is same


def typed(value: object) -> object:
    """A value that is equal only to those of its type, all the way down."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return (type(value), repr(value))


@settings(max_examples=rounds(150, 5, "KEYBOUND_ROUNDS"), deadline=None)
@given(st.sampled_from(ALGS), st.integers(30, 86_400), st.floats(0, 1.2), READINGS, READINGS)
def test_a_held_token_stays_for_half_of_its_life_and_only_as_it_would_be_signed(
    alg: str, ttl: int, part: float, readings: dict[str, Any], others: dict[str, Any]
) -> None:
    held = made(alg, {}, ttl, readings)
    now = made(alg, {}, ttl, others, (text_of(held),), part * ttl)
    kept = text_of(now) == text_of(held)
    assert kept is (typed(readings) == typed(others) and part * ttl < ttl / 2 - 1)
    assert now.renew_at > BEGUN + part * ttl
    assert (now.ends - now.renew_at) * 2 <= ttl + 1


@pytest.mark.parametrize("alg", ALGS)
def test_what_is_held_is_not_kept_where_anything_of_it_is_another(alg: str) -> None:
    held = text_of(made(alg, {"a": 1}, 900, {}))
    assert text_of(made(alg, {"a": 1}, 900, {}, (held,))) == held
    assert text_of(made(alg, {"a": 1}, 901, {}, (held,))) == held  # it ends no later
    for claims, ttl in (({"a": True}, 900), ({"a": 1.0}, 900), ({"a": 2}, 900), ({}, 900), ({"a": 1}, 899)):
        assert text_of(made(alg, claims, ttl, {}, (held,))) != held
    if alg == "EdDSA":  # one key, and another name of its algorithm
        table: dict[str, Value] = {
            "alg": "Ed25519",
            "ttl": "900s",
            "audience": ["a", "{settings.a}"],
            "claims": {"a": 1},
        }
        profile = profile_of(table, {})
        renamed = mint(profile, profile.tokens["t"], envelope_of("EdDSA"), {}, NOW, [held])
        assert checked(alg, text_of(renamed)).alg == "Ed25519"
    for text in ("", "x", held + "x", held[:-5]):
        assert text_of(made(alg, {"a": 1}, 900, {}, (text,))) != text
