"""Masking: whatever the pieces and the form, no secret comes through, and everything else does."""

import base64
import json
from itertools import pairwise
from time import perf_counter
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybound.domain.text.masking import MASK, Masker
from keybound.domain.text.needles import Needles

_secrets = st.binary(min_size=4, max_size=40).filter(lambda secret: len(secret.translate(None, b"\r\n")) > 3)


def shown(secret: bytes, pieces: list[bytes]) -> bytes:
    masker = Masker([secret])
    return b"".join([*(masker.feed(piece) for piece in pieces), masker.end()])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(_secrets, st.binary(max_size=20), st.binary(max_size=20), st.lists(st.integers(0, 200), max_size=6))
def test_no_cut_lets_a_secret_through(secret: bytes, before: bytes, after: bytes, places: list[int]) -> None:
    out = shown(secret, cut(before + secret + after, places))
    assert secret not in out
    assert MASK in out


@given(
    st.text(min_size=4, max_size=30),
    st.binary(max_size=7),
    st.binary(max_size=7),
    st.lists(st.integers(0, 300), max_size=4),
)
def test_common_encodings_are_masked(text: str, before: bytes, after: bytes, places: list[int]) -> None:
    secret = text.encode("utf-8", "replace")
    encoded = base64.b64encode(before + secret + after)
    inner = base64.b64encode(secret).rstrip(b"=")[:-1]
    for form in (json.dumps(secret.decode()).encode(), quote(secret, safe="").encode(), encoded):
        assert MASK in shown(secret, cut(b"<" + form + b">", places)), form
    if len(inner) >= 4:
        assert MASK in shown(secret, [inner + b"x", base64.b64encode(secret)])


@given(st.binary(max_size=80), st.lists(st.integers(0, 200), max_size=6))
def test_everything_else_comes_through_unchanged(data: bytes, places: list[int]) -> None:
    secret = b"\xff\xfe-a secret that no data holds-\xfd"
    assert shown(secret, cut(data, places)) == data


def test_what_is_typed_is_not_held_back_for_long() -> None:
    masker = Masker([b"secret"])
    assert masker.feed(b"s") == b""
    assert masker.idle() == b"s"
    assert masker.feed(b"secr") == b""
    assert masker.idle() == b""  # too much of it
    assert masker.feed(b"et!") == MASK + b"!"


def test_a_secret_that_comes_slowly_shows_three_bytes_at_most() -> None:
    masker = Masker([b"secret"])
    out = b"".join(masker.feed(bytes([byte])) + masker.idle() for byte in b"a secret!")
    assert out == b"a sec" + MASK + b"!"


@given(_secrets, st.binary(max_size=9), st.lists(st.integers(0, 200), max_size=4))
def test_a_secret_that_begins_as_another_hides_neither(first: bytes, rest: bytes, places: list[int]) -> None:
    masker = Masker([first, first + rest])
    out = b"".join([*(masker.feed(piece) for piece in cut(b"<" + first + rest, places)), masker.end()])
    assert out.removeprefix(b"<").strip(b"\r\n") == MASK  # line breaks are no secret


def test_several_lines_on_a_terminal_and_base64_in_lines() -> None:
    secret = b"-----BEGIN-----\nline one of it\nline two of it\n-----END-----"
    assert shown(secret, [b"1 ", secret.replace(b"\n", b"\r\n"), b"\r\n2\r\n"]) == b"1 " + MASK + b"\r\n2\r\n"
    masker = Masker([secret])
    assert (masker.feed(secret + b"\n"), masker.idle(), masker.end()) == (MASK, b"\n", b"")
    wrapped = base64.encodebytes(b"x" * 60 + secret * 2)
    out = shown(secret, cut(wrapped, [30, 77, 78]))
    assert (out.count(MASK), len(out.replace(MASK, b"")) < 90) == (2, True)  # 80 of the x, and what borders share


KEY = b"\n".join(
    [b"-----BEGIN KEY-----", b"bGluZSBvbmUgb2YgaXQ/", b"bGluZSB0d28gb2YgaXQ+", b"  }", b"-----END KEY-----", b""]
)


@pytest.mark.parametrize("prefix", [b"", b"     2\t", b"2026-01-01T00:00:00 app[1]: ", b"> "])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\\n", b" "])
def test_each_line_of_a_key_is_masked_wherever_it_stands(prefix: bytes, ending: bytes) -> None:
    lines = KEY.splitlines()
    for first in range(4):
        out = shown(KEY, [prefix + line + ending for line in lines[first:]])
        assert not any(line in out for line in lines[1:3]), first
        assert out.count(MASK) >= len(lines[first:3]) or first == 0  # all of it in one piece is one secret
        assert b"}" + ending + prefix + lines[-1][:-5] in out or first == 0  # the end may be where it begins anew


@pytest.mark.parametrize("line", KEY.splitlines()[1:3])
def test_a_line_in_another_form(line: bytes) -> None:
    text = line.decode()
    for form in (json.dumps(text), json.dumps(text).replace("/", "\\/"), quote(text, safe="")):
        assert shown(KEY, [form.encode()]).strip(b'"') == MASK
    for before in range(3):
        wrapped = base64.encodebytes(b"x" * before + line + b"\n")
        assert len(shown(KEY, [wrapped]).replace(MASK, b"").strip()) < 9


def test_what_is_no_secret_in_a_key_is_not_masked() -> None:
    other = b"-----BEGIN KEY-----\nsomething else\n  }\n-----END KEY-----\nand more\n"
    assert shown(KEY, [other]) == other
    assert shown(b"password\nhunter22\nok\n", [b"ok hunter22 ok"]) == b"ok " + MASK + b" ok"


@given(st.lists(st.binary(min_size=4, max_size=12), min_size=1, max_size=5), st.binary(max_size=60), st.data())
def test_many_forms_are_found_as_each_alone_is(forms: list[bytes], text: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.sampled_from(forms)) + text[at:]
    others = [b"%064x" % number for number in range(data.draw(st.sampled_from([0, 64])))]
    needles = Needles({*forms, *others})
    expected = {(at, at + len(one) - 1) for one in forms for at in range(len(text)) if text.startswith(one, at)}
    assert set(needles.places(text)) == expected
    sizes = [
        size
        for size in range(1, len(text) + 1)
        for one in (*forms, *others)
        if one[:size] == text[-size:] and one != text[-size:]
    ]
    assert needles.overlap(text) == max([0, *(size for size in sizes)])


def test_a_key_of_fifty_lines_takes_no_more_time_than_a_token() -> None:
    text = b"some line of a log with words and numbers\n" * 10000
    key = b"\n".join(base64.b64encode(b"%048d" % (n * 2654435761 % 2**64)) for n in range(50))

    def seconds(secret: bytes) -> float:
        masker, begun = Masker([secret]), perf_counter()
        for at in range(0, len(text), 4096):
            masker.feed(text[at : at + 4096])
        return perf_counter() - begun

    assert seconds(key) < 20 * max(seconds(b"ghp_" + b"x" * 36), 0.005)


def test_a_long_secret_in_small_pieces_takes_no_more_time_than_a_short_one() -> None:
    text = b"some line of a log with words and numbers\n" * 20000

    def seconds(size: int) -> float:
        masker, begun = Masker([b"".join(b"%08x" % (n * 2654435761 % 2**32) for n in range(size // 8))]), perf_counter()
        for at in range(0, len(text), 4096):
            masker.feed(text[at : at + 4096])
        return perf_counter() - begun

    assert seconds(100_000) < 20 * max(seconds(40), 0.005)


def test_a_secret_cut_off_by_the_end_is_masked_too() -> None:
    masker = Masker([b"secret"])
    assert masker.feed(b"a secre") == b"a "
    assert masker.end() == MASK


def test_a_secret_of_three_bytes_is_not_masked() -> None:
    assert shown(b"abc", [b"abc"]) == b"abc"
