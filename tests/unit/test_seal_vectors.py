"""The encoding under a seal: fixed vectors, so that no change of ours can silently un-approve the world."""

from datetime import UTC, datetime

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.seal.seal import from_text, to_text
from keybound.domain.text.secret import Secret
from keybound.domain.values.canonical import digest, encode, same
from keybound.domain.values.readings import Value


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (None, b"n0:"),
        (True, b"b1:1"),
        (1, b"i1:1"),
        ("1", b"s1:1"),
        (["a", 1], b"l8:s1:ai1:1"),
        ({"b": 1, "a": True}, b"m16:s1:ab1:1s1:bi1:1"),
        (datetime(2027, 1, 31, tzinfo=UTC), b"z25:2027-01-31T00:00:00+00:00"),
    ],
)
def test_vectors(value: Value, encoded: bytes) -> None:
    assert encode(value) == encoded


def test_a_digest_is_bound_to_its_purpose() -> None:
    assert digest("definition", {}) == "56d24df45201f955b9c21d699f9dcc9f3f42c126ed962e4272ace932585506b8"
    assert digest("definition", {}) != digest("env", {})


def test_nan_is_refused_and_types_are_strict() -> None:
    with pytest.raises(BadInputError):
        encode(float("nan"))
    assert not same(float("nan"), float("nan"))
    assert not same(1, True)
    assert not same(1, 1.0)


def test_a_record_reads_back_with_its_types() -> None:
    record: dict[str, Value] = {"expires": datetime(2027, 1, 31, tzinfo=UTC), "scopes": ["a"], "wipe": False, "n": 1}
    assert from_text(to_text(record)) == record
    assert from_text("not a record") is None


def test_a_secret_shows_as_a_mask_everywhere() -> None:
    secret = Secret("canary")
    assert "canary" not in f"{secret} {secret!r} {secret:>20} {[secret]}"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(secret)
