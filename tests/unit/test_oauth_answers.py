"""What a hostile or broken OAuth server answers ends in one line, and waits for nothing that makes no sense."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keybound.custody.rotation.oauth_answers import Endpoints, UnansweredError, access_of, device_code_of
from keybound.custody.rotation.oauth_server import poll
from keybound.domain.errors import RefusedError
from keybound.domain.text.secret import expose_secret
from keybound.remote.http import Network, address_fault
from support.providers import Authority, Reply, provider

NOW = datetime(2026, 11, 28, tzinfo=UTC)
DEVICE = {"user_code": "AB-CD", "verification_uri": "https://a.example/device", "device_code": "d"}


@pytest.mark.parametrize(
    "answer",
    [
        '{"access_token": "t", "expires_in": 1e999}',
        '{"access_token": "t", "expires_in": [1]}',
        '{"access_token": "t", "expires_in": "soon"}',
        "[" * 100_000,
        "[1]",
        '"t"',
        json.dumps({"access_token": {"a": 1}}),
        json.dumps({"access_token": "t\nu"}),
        json.dumps({"access_token": "t\ud800"}),
    ],
)
def test_an_answer_that_makes_no_sense_is_said_in_a_line(answer: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with provider(authority) as server:
        server.answer(Reply(answer))
        endpoints = Endpoints(f"{server.url}/token")
        with pytest.raises(UnansweredError) as refusal:
            poll(Network(str(authority.path)), endpoints, "c", device_code_of(DEVICE), NOW)
    assert refusal.value.sent
    assert len(str(refusal.value)) < 100


@pytest.mark.parametrize("again", ["r\nx", "r\ud800", 7, ""])
def test_a_refresh_token_that_none_can_be_is_not_taken(again: object) -> None:
    assert (
        access_of({"access_token": "t", "refresh_token": again}, Endpoints("https://a/t"), "c", None, NOW).grant is None
    )


@pytest.mark.parametrize("seconds", [-5, 0, 1e999, 1 << 40, "x", None])
def test_an_absurd_end_is_none(seconds: Any) -> None:
    found = access_of({"access_token": "t", "expires_in": seconds}, Endpoints("https://a/t"), "c", None, NOW)
    assert found.expires is None
    assert expose_secret(found.secret) == b"t"


def test_no_server_makes_anybody_wait_for_hours() -> None:
    code = device_code_of({**DEVICE, "interval": 100_000_000, "expires_in": 100_000_000})
    assert (code.interval, code.expires_in) == (60, 3600)


@pytest.mark.parametrize(
    "told",
    [
        {"user_code": "AB\nOpen https://evil.example"},
        {"user_code": "AB\x1b[2J"},
        {"user_code": "A" * 1000},
        {"user_code": 7},
        {"device_code": "d\ud800"},
        {"verification_uri": "https://a.example/\x1b[31m"},
        {"verification_uri": "https://a.example/ now\nOpen https://b.example"},
        {"verification_uri_complete": "javascript:alert(1)"},
    ],
)
def test_a_code_or_a_page_that_would_lead_astray_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        device_code_of({**DEVICE, **told})


def test_an_address_holds_no_character_that_a_terminal_obeys() -> None:
    assert address_fault("https://a.example/\u202e") != ""
    assert address_fault("https://a.example/ü") == ""
