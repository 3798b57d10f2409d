"""Signing keys and their rotation: what signed lives on as long as what it signed, and signs no more."""

import pytest

from keybound.custody.minting.key_set import (
    MARGIN,
    KeySet,
    SigningKey,
    checking_keys,
    new_key,
    read_keys,
    rotated,
    with_ttl,
    write_keys,
)
from keybound.domain.errors import RefusedError
from keybound.domain.profile.mint import ALGS
from keybound.domain.text.secret import Secret

NOW = 1_800_000_000
PRIVATE = {"d", "p", "q", "dp", "dq", "qi"}


def ids(keys: KeySet, now: float) -> list[str]:
    return [key["kid"] for key in checking_keys(keys, now)]


@pytest.mark.parametrize("alg", ALGS)
def test_a_set_is_read_as_it_was_written(alg: str) -> None:
    keys = rotated(KeySet(new_key(alg, 900)), new_key(alg, 60), NOW)
    assert read_keys(write_keys(keys)) == keys


@pytest.mark.parametrize("alg", [alg for alg in ALGS if alg != "HS256"])
def test_a_retired_key_can_sign_no_more(alg: str) -> None:
    keys = rotated(KeySet(new_key(alg, 900)), new_key(alg, 900), NOW)
    assert PRIVATE & set(keys.current.jwk)
    assert not PRIVATE & set(keys.retired[0].jwk)
    assert not any(PRIVATE & set(key) for key in checking_keys(keys, NOW))


def test_it_stays_until_the_last_token_it_signed_has_ended_and_a_margin() -> None:
    first, second = new_key("EdDSA", 900), new_key("EdDSA", 60)
    keys = rotated(KeySet(first), second, NOW)
    assert ids(keys, NOW) == [second.id, first.id]
    assert ids(keys, NOW + 900 + MARGIN - 1) == [second.id, first.id]
    assert ids(keys, NOW + 900 + MARGIN) == [second.id]


def test_a_shorter_life_that_is_approved_later_does_not_shorten_it() -> None:
    keys = with_ttl(with_ttl(KeySet(new_key("EdDSA", 60)), 3600), 30)
    assert keys.current.ttl == 3600
    assert rotated(keys, new_key("EdDSA", 30), NOW).retired[0].until == NOW + 3600 + MARGIN


def test_keys_whose_time_is_over_go_with_the_next_rotation() -> None:
    keys = KeySet(new_key("EdDSA", 60))
    for at in (NOW, NOW + 60, NOW + 10_000):
        keys = rotated(keys, new_key("EdDSA", 60), at)
    assert len(keys.retired) == 1


def test_ids_are_those_of_the_keys_and_tell_nothing_of_a_shared_one() -> None:
    key, shared = new_key("EdDSA", 60), new_key("HS256", 60)
    assert [one["kid"] for one in checking_keys(KeySet(key), NOW)] == [key.id]
    assert len({new_key("EdDSA", 60).id for _ in range(3)}) == 3
    assert shared.id not in shared.jwk["k"]
    assert repr(shared) == f"SigningKey({shared.id})"
    assert shared.jwk["k"] not in repr(KeySet(shared))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        ('{"format":1,"keys":[]}', "damaged"),
        ('{"format":1,"keys":[{"id":"a"}]}', "damaged"),
        ('{"format":1,"keys":[{"id":"a","jwk":[],"ttl":1,"until":0}]}', "damaged"),
        ('{"format":2,"keys":[]}', "a newer Keybound"),
        ("\xff", "damaged"),
    ],
)
def test_what_is_no_set_is_refused_without_a_word_of_it(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        read_keys(Secret(text.encode("latin-1")))


def test_a_key_that_is_another_family_is_kept_beside() -> None:
    old: SigningKey = new_key("HS256", 60)
    keys = rotated(KeySet(old), new_key("ES256", 60), NOW)
    assert keys.retired[0].jwk == old.jwk  # it has no public half to be reduced to
    assert [key["kty"] for key in checking_keys(keys, NOW)] == ["EC", "oct"]
