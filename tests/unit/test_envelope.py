"""The envelope: one line of ASCII, read back as it was, and believed only where it is the one asked for."""

import json

import pytest

from keybound.domain.seal.envelope import Envelope, EnvelopeError, UnknownFormatError, decode_envelope, encode_envelope
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.verdict.sticky import Sticky

AT = [f"2026-01-0{day}T00:00:00+00:00" for day in range(1, 6)]
FULL = Envelope(
    "/home", "p/t", "token", "inc", 3, Secret("sécret"), Sticky("expired", "why", AT[0]), AT[1], AT[2], AT[3], AT[4],
     "digest", "0a", {"flags.a": "0b"}, 7, "head", "env", "grants", {"refresh": ["/bin/x", "aa"]},
)  # fmt: skip
LINE = (
    '{"format":1,"home":"/home","id":"p/t","part":"token","incarnation":"inc","epoch":3,'
    '"sticky":{"state":"expired","why":"why","at":"' + AT[0] + '"},"sealed_at":"' + AT[1] + '",'
    '"refreshed_at":"'
    + AT[2]
    + '","expires_at":"'
    + AT[3]
    + '","not_before":"'
    + AT[4]
    + '","digest":"digest","key":"0a","approved":{"flags.a":"0b"},'
    '"anchor_length":7,"anchor_head":"head","env_digest":"env","grants_digest":"grants",'
    '"programs":{"refresh":["/bin/x","aa"]},"secret":"s\\u00e9cret"}'
)


def decoded(text: str) -> Envelope:
    return decode_envelope(Secret(text), "/home", "p/t", "token")


@pytest.mark.parametrize(
    "sticky",
    [
        Sticky("expired", "its owner expired it", AT[0]),
        Sticky("expired", "why", AT[0], "flags.a", "= false", "expire", "false", "true", "/p.toml", 5),
    ],
)
def test_what_is_sticky_is_kept_whole_and_nothing_empty_is_written(sticky: Sticky) -> None:
    kept = FULL._replace(sticky=sticky)
    text = encode_envelope(kept)
    assert decode_envelope(text, "/home", "p/t", "token") == kept
    written = json.loads(expose_secret(text))["sticky"]
    assert all(written.values())
    assert set(written) >= {"state", "why", "at"}


def test_the_line_that_is_kept() -> None:
    assert expose_secret(encode_envelope(FULL)).decode() == LINE
    assert decoded(LINE) == FULL


@pytest.mark.parametrize("secret", [Secret(b"\xff\x00"), Secret(""), None])
def test_any_secret_reads_back(secret: Secret | None) -> None:
    envelope = Envelope("/home", "p/t", "token", "i", 1, secret)
    text = expose_secret(encode_envelope(envelope)).decode("ascii")
    assert decoded(text).secret == (None if secret is None or not len(secret) else secret)
    assert ('"secret_b64":"/wA="' in text) is (secret == Secret(b"\xff\x00"))
    assert "sticky" not in text


@pytest.mark.parametrize(
    ("text", "fault", "said"),
    [
        ("", EnvelopeError, "its envelope is damaged"),
        ("[]", EnvelopeError, "its envelope is damaged"),
        ("é", EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"epoch":3', '"epoch":"3"'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('{"flags.a":"0b"}', "[]"), EnvelopeError, "its envelope is damaged"),
        *((LINE.replace(at, "soon"), EnvelopeError, "its envelope is damaged") for at in AT),
        (LINE.replace(AT[2], "2026-01-01T00:00:00"), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"0a"', '"0x"'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"0a"', "10"), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"anchor_length":7', '"anchor_length":"7"'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('{"refresh":["/bin/x","aa"]}', "3"), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"secret":"s\\u00e9cret"', '"secret":5'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"secret":"s\\u00e9cret"', '"secret":"\\ud800"'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"secret":"s\\u00e9cret"', '"secret_b64":"a"'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"secret":"s\\u00e9cret"', '"secret_b64":5'), EnvelopeError, "its envelope is damaged"),
        (LINE.replace('"format":1', '"format":2'), UnknownFormatError, "its envelope was written by a newer Keybound"),
        (LINE.replace('"format":1,', ""), UnknownFormatError, "its envelope was written by a newer Keybound"),
        (LINE.replace('"key"', '"kez"'), UnknownFormatError, "its envelope has fields that this version does not know"),
        (LINE.replace('"at":', '"et":'), UnknownFormatError, "its envelope has fields that this version does not know"),
        (LINE.replace("/home", "/other"), EnvelopeError, "the store holds another home's envelope in its place"),
        (LINE.replace("p/t", "p/u"), EnvelopeError, "the store holds another id's envelope in its place"),
        (LINE.replace('"token"', '"previous"'), EnvelopeError, "the store holds another part's envelope in its place"),
    ],
)
def test_anything_else_is_not_believed(text: str, fault: type[Exception], said: str) -> None:
    with pytest.raises(fault) as found:
        decoded(text)
    assert type(found.value) is fault
    assert str(found.value) == said


@pytest.mark.parametrize("fields", ['"secret":""', '"secret_b64":""', '"secret":"a","secret_b64":"YQ=="'])
def test_an_empty_secret_or_two_are_none(fields: str) -> None:
    text = f'{{"format":1,"home":"/h","id":"p/t","part":"token","incarnation":"i","epoch":1,{fields}}}'
    with pytest.raises(EnvelopeError):
        decode_envelope(Secret(text), "/h", "p/t", "token")


@pytest.mark.parametrize(
    "fields",
    ['"digest":7', '"incarnation":""', '"epoch":true', '"epoch":1.0', '"signs":{}', '"sticky":{"state":1,"why":"","at":""}',
     '"sticky":{"state":"expired","why":"w","at":"","line":"x"}'],
)  # fmt: skip
def test_a_field_of_another_type_is_damage(fields: str) -> None:
    text = f'{{"format":1,"home":"/h","id":"p/t","part":"token","incarnation":"i","epoch":1,"secret":"s",{fields}}}'
    with pytest.raises(EnvelopeError, match="damaged"):
        decode_envelope(Secret(text), "/h", "p/t", "token")
