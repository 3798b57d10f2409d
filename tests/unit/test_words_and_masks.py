"""Rules and values in words, what is masked of them, and the encodings that stand behind digests and masks."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.rules.base import Rule
from keybound.domain.text.masking import MASK, Masker, forms
from keybound.domain.values.canonical import digest, encode, keyed_digest
from keybound.domain.values.readings import Absent, FileContent, Found, Unreadable, Value
from keybound.domain.verdict.verdict import Shown
from keybound.domain.verdict.wording import (
    in_sentence,
    looks_secret,
    rule_sign,
    rules_words,
    shown,
    shown_value,
    value_words,
)

MOMENT = datetime(2027, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ("", '""'),
        ("a\x1b", "a\\x1b"),
        (1.5, "1.5"),
        (MOMENT, "2027-01-31 12:00:00+00:00"),
        (MOMENT.date(), "2027-01-31"),
        (time(1, 2), "01:02:00"),
        ([], "nothing"),
        (["a", 1, [True]], "a, 1, true"),
        ({}, "{}"),
        ({"a": 1, "b\x1b": ["c", "d"], "e": {"f": None}}, "{a: 1, b\\x1b: c, d, e: {f: null}}"),
        (FileContent("0123456789", 5, 0o600, 0, True), "0600 · 0123…"),
    ],
)
def test_values_in_words(value: Value, text: str) -> None:
    assert value_words(value) == text


@pytest.mark.parametrize(
    ("name", "value", "text", "sign"),
    [
        ("equals", False, "= false", "="),
        ("one_of", ["a", "b"], "one of a, b", "∈"),
        ("not_one_of", ["a"], "none of a", "∉"),
        ("subset_of", ["a"], "⊆ a", "⊆"),
        ("includes", ["a"], "a list with a", "⊇"),
        ("matches", "a.", "~ a.", "~"),
        ("starts_with", "a", "text starting with a", "^"),
        ("url_host", "a.b", "host a.b", "@"),
        ("under", "/a", "under /a", "^"),
        ("min", 1, "≥ 1", "≥"),
        ("max", {"semver": "1.2.0"}, "≤ 1.2.0 (semver)", "≤"),
        ("min", {"semver": "1.2.0", "pep440": "1"}, "≥ 1.2.0 (semver), 1 (pep440)", "≥"),
        ("mode_at_most", "0600", "mode ≤ 0600", "≤"),
        ("unchanged", True, "unchanged", "≡"),
        ("exists", True, "present", "·"),
        ("exists", False, "absent", "·"),
        ("absent", True, "absent", "·"),
        ("owner_only", True, "readable only by its owner", "·"),
        ("of_a_newer_version", 1, "of_a_newer_version 1", "·"),
    ],
)
def test_rules_in_words(name: str, value: Value, text: str, sign: str) -> None:
    assert rules_words((Rule(name, value),)) == text
    assert rule_sign((Rule(name, value), Rule("equals", 1))) == sign
    assert rules_words((Rule(name, value), Rule("equals", 1))) == f"{text}, = 1"


def test_no_rules() -> None:
    assert (rules_words(()), rule_sign(())) == ("", "·")


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("flags.a", True, Shown("true")),
        ("settings.api_key", "x", Shown("••••••", hidden=True)),
        ("settings.PassWord", 1, Shown("••••••", hidden=True)),
        ("settings.a", "ghp_x", Shown("••••••", hidden=True)),
        ("settings.a", ["fine", "https://u:p@h/"], Shown("••••••", hidden=True)),
        ("settings.a", "https://abcdef@h/", Shown("••••••", hidden=True)),
        ("settings.a", "https://h/?a=1&access_token=x", Shown("••••••", hidden=True)),
        ("settings.a", "ssh://git@h/a?b=c", Shown("ssh://git@h/a?b=c")),
        ("settings.a", "x" * 201, Shown("x" * 199 + "…")),
        ("settings.a", "x" * 200, Shown("x" * 200)),
        ("settings.a", "x" * 3996 + "ghp_", Shown("••••••", hidden=True)),
        ("settings.a", ["x" * 3990, "ghp_"], Shown("••••••", hidden=True)),
        ("settings.a", ["x" * 4000, "ghp_"], Shown("x" * 199 + "…")),
        ("settings.a", {"k" * 5000: "ghp_"}, Shown("{" + "k" * 198 + "…")),
        ("settings.a", {"a": ["b", {"c": "x" * 5000 + "ghp_"}]}, Shown("{a: b, {c: " + "x" * 188 + "…")),
    ],
)
def test_what_may_be_shown(key: str, value: Value, found: Shown) -> None:
    assert shown_value(key, value) == shown(key, Found(value)) == found


def test_readings_that_hold_no_value() -> None:
    assert shown("settings.token", Absent("why")) == Shown("absent")
    assert shown("settings.token", Unreadable("no\x1b")) == Shown("unreadable: no\\x1b")
    assert looks_secret("", "AKIA") and looks_secret("a_secret", "") and not looks_secret("a", "b")  # noqa: PT018


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (False, b"b1:0"),
        (-5, b"i2:-5"),
        (0.5, b"f20:0x1.0000000000000p-1"),
        ("\ud800é", b"s5:\xed\xa0\x80\xc3\xa9"),
        (datetime(2027, 1, 31, 12), b"t19:2027-01-31T12:00:00"),
        (datetime(2027, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), b"z25:2027-01-31T10:00:00+00:00"),
        (date(2027, 1, 31), b"d10:2027-01-31"),
        (time(1, 2), b"h8:01:02:00"),
        (("a",), b"l4:s1:a"),
        (FileContent("abc", 1, 2, 3, True), b"F3:abc"),
    ],
)
def test_every_type_has_its_own_encoding(value: Value, encoded: bytes) -> None:
    assert encode(value) == encoded


def test_what_cannot_be_encoded_is_said() -> None:
    with pytest.raises(BadInputError) as fault:
        encode([float("nan")])
    assert fault.value.what == "nan is not a value that can be approved: it equals nothing"
    with pytest.raises(TypeError, match=r"^no encoding for object$"):
        encode(object())  # type: ignore[arg-type]


def test_a_keyed_digest_is_sixteen_bytes_of_key_name_and_value() -> None:
    assert keyed_digest(bytes(32), "flags.a", True) == "66a89e3cc44d6e586faf901dd1404deb"
    assert digest("env", {"A": "1"}) != digest("definition", {"A": "1"})


def test_the_forms_of_a_secret() -> None:
    assert forms(b"abc") == set()
    found = forms('ab"/é >'.encode())
    assert found >= {
        'ab"/é >'.encode(),
        b'ab\\"/\\u00e9 >',
        'ab\\"/é >'.encode(),
        b'ab\\"\\/\\u00e9 >',
        b"ab%22%2F%C3%A9%20%3E",
        b"ab%2522%252F%25C3%25A9%2520%253E",
        b"ab%22%2f%c3%a9%20%3e",
        b"ab%22/%C3%A9%20%3E",
        b"ab%22%2F%C3%A9+%3E",
    }
    assert all(len(form) >= 4 for form in forms(b"abcd"))
    assert forms(b"\xff\xfe\xfd\xfc") >= {b"%FF%FE%FD%FC", b"%ff%fe%fd%fc", b"//79/", b"__79_"}
    assert not any(b"%5C" in form for form in forms(b"plain"))


def test_the_longest_form_is_masked_first() -> None:
    masker = Masker([b"abcd", b"abcdefgh"])
    assert masker.feed(b"1 abcdefgh 2") == b"1 " + MASK + b" 2"
    assert masker.end() == b""


def test_a_shorter_secret_inside_a_longer_one_leaves_no_edges() -> None:
    assert Masker([b"bcde", b"abcdef"]).feed(b"abcdef ") == MASK + b" "
    assert b"%5cabCD" in forms(b"\\abCD")
    assert forms(b"\xfb\xef\xbe\xff") >= {b"++++/", b"----_"}


def test_the_end_of_a_stream() -> None:
    masker = Masker([b"abcdefgh"])
    assert masker.feed(b"x abc") == b"x "
    assert (masker.waits, masker.end(), masker.waits) == (True, b"abc", False)
    assert masker.feed(b"abcd") == b""
    assert (masker.waits, masker.idle(), masker.end(), masker.end()) == (False, b"", MASK, b"")
    assert masker.feed(b"x") == b"x"
    assert masker.feed(b"\n") == b"\n"
    assert (masker.feed(b"abcd\r\n"), masker.end()) == (b"", MASK + b"\r\n")
    assert Masker([]).feed(b"abc") == b"abc"


def test_only_the_sign_of_equality_is_left_out_in_a_sentence() -> None:
    assert in_sentence("= false") == "false"
    assert in_sentence("one of = , b") == "one of = , b"
