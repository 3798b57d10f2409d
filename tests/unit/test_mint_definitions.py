"""What ``mint`` may hold, and that each thing it may not hold is an error at its place."""

from datetime import UTC, datetime

import pytest

from keybound.domain.profile.definition import Token
from keybound.domain.profile.inherit import effective, prepare
from keybound.domain.profile.policy import broken_by, policy_of
from keybound.domain.profile.schema import check_table
from keybound.domain.profile.shapes import TableError
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.sources.profile_text import read_profile_table
from support.minted import AUDIENCE

BASE = f'ttl = "15m", audience = "{AUDIENCE}"'


def token_of(mint: str, more: str = "", kind: str = "minted") -> Token:
    text = f'schema = 1\n[tokens.t]\nenv = "T"\nkind = "{kind}"\n{mint}\n{more}\n'
    table = read_profile_table(text, "p.toml")
    check_table(table)
    return effective(["p"], ["p.toml"], [prepare(table, "/x", "/home")]).tokens["t"]


def test_what_is_left_out_has_its_default() -> None:
    mint = token_of(f"mint = {{ {BASE} }}").mint
    assert mint is not None
    assert (mint.alg, mint.ttl, mint.issuer, mint.audience, mint.subject, mint.claims) == (
        "EdDSA", 900, "", (AUDIENCE,), "p/t", {},
    )  # fmt: skip


def test_all_texts_are_known_with_their_places() -> None:
    mint = token_of(f'mint = {{ {BASE}, issuer = "i", claims = {{ a = ["x", {{ b = "y" }}], n = 1 }} }}').mint
    assert mint is not None
    assert list(mint.texts()) == [
        ("issuer", "i"), ("subject", "p/t"), ("audience", AUDIENCE), ("claims.a", "x"), ("claims.a.b", "y"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mint", "place", "words"),
    [
        ("", ("tokens", "t"), "mint is missing"),
        ("mint = {}", ("tokens", "t", "mint"), "ttl is missing"),
        ('mint = { ttl = "15m" }', ("tokens", "t", "mint"), "audience is missing"),
        ('mint = { ttl = "15m", audience = [] }', ("tokens", "t", "mint"), "audience is missing"),
        ('mint = { ttl = "0s", audience = "a" }', ("tokens", "t", "mint", "ttl"), "not a duration"),
        ('mint = { ttl = "29s", audience = "a" }', ("tokens", "t", "mint", "ttl"), "not between 30s and 24h"),
        ('mint = { ttl = "25h", audience = "a" }', ("tokens", "t", "mint", "ttl"), "not between 30s and 24h"),
        (f'mint = {{ {BASE}, alg = "none" }}', ("tokens", "t", "mint", "alg"), "'none' is not an algorithm"),
        (f'mint = {{ {BASE}, alg = "RS512" }}', ("tokens", "t", "mint", "alg"), "'RS512' is not an algorithm"),
        (f'mint = {{ {BASE}, algo = "x" }}', ("tokens", "t", "mint", "algo"), "unknown key 'algo'"),
        *(
            (f"mint = {{ {BASE}, claims = {{ {name} = 1 }} }}", ("tokens", "t", "mint", "claims", name), "itself")
            for name in ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "keybound")
        ),
        (f"mint = {{ {BASE}, claims = {{ a = inf }} }}", ("tokens", "t", "mint", "claims", "a"), "no number"),
        (f"mint = {{ {BASE}, claims = {{ a = [2027-01-01] }} }}", ("tokens", "t", "mint", "claims", "a"), "a claim is"),
        (f"mint = {{ {BASE}, claims = {{ a = {2**53} }} }}", ("tokens", "t", "mint", "claims", "a"), "too large"),
        (f'mint = {{ {BASE}, claims = {{ a = "{"x" * 5000}" }} }}', ("tokens", "t", "mint", "claims"), "too long"),
    ],
)  # fmt: skip
def test_what_it_may_not_hold_is_said_with_its_place(mint: str, place: tuple[str, ...], words: str) -> None:
    with pytest.raises(TableError) as fault:
        token_of(mint)
    assert fault.value.keypath == place
    assert words in fault.value.what


def test_it_is_for_minted_tokens_alone_and_they_are_not_refreshed_otherwise() -> None:
    with pytest.raises(TableError, match="mint needs kind"):
        token_of(f"mint = {{ {BASE} }}", kind="opaque")
    for name in ("refresh", "revoke", "probe"):
        with pytest.raises(TableError, match=f"a minted token has no {name}"):
            token_of(f"mint = {{ {BASE} }}", f'{name} = {{ command = ["x"] }}')


def test_every_part_of_it_is_sealed() -> None:
    def digest(mint: str) -> str:
        text = f'schema = 1\n[tokens.t]\nenv = "T"\nkind = "minted"\nmint = {{ {mint} }}\n'
        profile = effective(["p"], ["p.toml"], [prepare(read_profile_table(text, "p"), "/x", "/home")])
        return definition_digest(definition_record(profile.tokens["t"], profile))

    texts = [
        BASE, f'{BASE}, alg = "ES256"', f'{BASE}, issuer = "i"', f'{BASE}, subject = "s"',
        f'ttl = "16m", audience = "{AUDIENCE}"', 'ttl = "15m", audience = "b"',
        f'{BASE}, claims = {{ scopes = ["a", "b"] }}', f'{BASE}, claims = {{ scopes = ["b", "a"] }}',
        f'{BASE}, claims = {{ scopes = "a" }}', f'{BASE}, claims = {{ scopes = ["a"] }}',
    ]  # fmt: skip
    assert len({digest(one) for one in texts}) == len(texts)


def test_the_longest_ttl_of_a_policy_is_that_of_what_is_handed_over() -> None:
    policy = policy_of({"schema": 1, "kinds": {"minted": {"longest_ttl": "10m"}}})
    now = datetime(2027, 1, 1, tzinfo=UTC)
    told = [one.what for one in broken_by(policy, token_of(f"mint = {{ {BASE} }}"), now)]
    assert told == ["mint.ttl is 15m, and a token of kind minted may last at most 10m"]
    assert broken_by(policy, token_of('mint = { ttl = "10m", audience = "a" }'), now) == []
