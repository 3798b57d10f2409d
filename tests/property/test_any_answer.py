"""Whatever a provider answers and whatever a secret is: no crash, no secret in what is kept, no end without a reason."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.custody.probing.answers import ProbeOutcome, answer_of
from keybound.custody.probing.probe import envelope_after
from keybound.domain.profile.inherit import effective
from keybound.domain.seal.carried import carried_readings
from keybound.domain.seal.envelope import Envelope, decode_envelope, encode_envelope
from keybound.domain.seal.requests import SealedRequest, sealed_request
from keybound.domain.text.secret import Secret
from keybound.domain.values.keys import CARRIED_NAMES
from keybound.remote.http import HttpResponse
from support.rounds import rounds

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SECRET = "canary-4f1d"
TEXTS = st.text(max_size=12) | st.sampled_from(["", SECRET, "2027-01-31", "true", "gone", "a, b", "\x1b[31m", "\ud800"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "scopes", "ends", "ok", "x"]), inner)
    ),
    max_leaves=8,
)
BODIES = VALUES.map(lambda one: json.dumps(one).encode()) | st.binary(max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-scopes", "x-ends", "retry-after", "x-ratelimit-remaining"]), TEXTS
)
REQUEST = SealedRequest("GET", "https://api.example.com/me", ("Authorization: Bearer {secret}",))
PLACES = st.sampled_from(
    ["", "body:id", "body:scopes", "body:ends", "body:x.y[0]", "header:x-scopes", "header:x-ends", "xml:a"]
)
TOKEN = effective(
    ["p"],
    ["/p.toml"],
    [{"tokens": {"x": {"env": "X", "bound": {f"carried.{name}": {"exists": True} for name in CARRIED_NAMES}}}}],
).tokens["x"]
KEY = "00" * 32
STATUSES = st.sampled_from([200, 204, 302, 401, 403, 429, 500]) | st.integers(100, 599)
PARTS = st.binary(max_size=30) | st.sampled_from(
    [b"ey", b"eyJ9", b"e30", b"eyJhbGciOiJIUzI1NiJ9", b"eyJhbGciOiJub25lIn0"]
)


@settings(max_examples=rounds(400, 40), deadline=None)
@given(
    STATUSES, HEADERS, BODIES, PLACES, PLACES, PLACES,
    st.sampled_from(["", "body:ok"]), st.sampled_from([(), ("body:id=gone",)]), st.booleans(),
)  # fmt: skip
def test_an_answer_means_one_thing(
    status: int, headers: dict[str, str], body: bytes, identity: str, scopes: str, expires: str, alive: str,
    dead: tuple[str, ...], unsure: bool,
) -> None:  # fmt: skip
    request = REQUEST._replace(identity=identity, scopes=scopes, expires=expires, alive=alive, dead=dead, unsure=unsure)
    assert sealed_request({"probe": json.loads(json.dumps(request.fields()))}, "probe") == request
    told = {"content-type": "application/json", **headers}
    found = answer_of(request, HttpResponse(status, told, Secret(body)), Secret(SECRET), NOW)
    assert SECRET not in repr(found)
    assert (found.outcome is ProbeOutcome.OK) <= (200 <= status < 300)
    assert (found.outcome is ProbeOutcome.REVOKED) <= ((status == 401 and not unsure) or b"gone" in body)
    if found.outcome is not ProbeOutcome.OK:
        return
    before = Envelope("/c", "p/x", "token", "1", 1, Secret(SECRET), key=KEY)
    kept = encode_envelope(envelope_after(before, TOKEN, found.heard, NOW.isoformat()))
    again = decode_envelope(kept, "/c", "p/x", "token")
    for read in carried_readings(TOKEN, again).values():
        assert SECRET not in repr(read)


@settings(max_examples=rounds(400, 40), deadline=None)
@given(st.binary(max_size=60) | st.lists(PARTS, min_size=3, max_size=3).map(b".".join))
def test_any_secret_has_its_readings(secret: bytes) -> None:
    found = carried_readings(TOKEN, Envelope("/c", "p/x", "token", "1", 1, Secret(secret), key=KEY))
    assert set(found) == {f"carried.{name}" for name in CARRIED_NAMES}
