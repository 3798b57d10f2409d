"""A provider revokes a token: every answer is done, refused, or later, and nothing of the secret is in what is said."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs

import pytest

from keybound.custody.context.context import Context
from keybound.custody.providers.revoking import RevokeOutcome, revoke_by_request
from keybound.domain.errors import BadInputError
from keybound.domain.seal.requests import SealedRequest, oauth_revocation
from keybound.domain.text.secret import Secret
from support.asked import trusting
from support.providers import Authority, Provider, Reply

SECRET = 'ghp_"canary"\\4f1d'
DONE, REFUSED, LATER = RevokeOutcome.DONE, RevokeOutcome.REFUSED, RevokeOutcome.LATER


@pytest.fixture
def context(environ: dict[str, str], authority: Authority) -> Iterator[Context]:
    made = trusting(environ, authority)
    yield made
    made.close()


def in_header(url: str) -> SealedRequest:
    return SealedRequest("DELETE", f"{url}/self", ("Authorization: Bearer {secret}",))


def in_body(url: str) -> SealedRequest:
    return SealedRequest("POST", f"{url}/credentials/revoke", body='{"credentials": ["{secret}"]}')


@pytest.mark.parametrize(
    ("reply", "header", "outcome"),
    [
        (Reply("", 204), True, DONE),
        (Reply("", 202), False, DONE),
        (Reply("", 401), True, DONE),  # it is dead already
        (Reply("", 401), False, REFUSED),  # the provider asks who we are
        (Reply("", 403), True, REFUSED),
        (Reply("", 404), True, REFUSED),
        (Reply("", 422), False, REFUSED),
        (Reply("", 302, {"Location": "https://evil.example/"}), True, REFUSED),
        (Reply("", 429), True, LATER),
        (Reply("", 500), True, LATER),
        (Reply("", 503), False, LATER),
        ("reset", True, LATER),
        ("garble", True, LATER),
        ("big", True, LATER),
    ],
)
def test_every_answer_has_an_outcome(
    context: Context, server: Provider, reply: Reply | str, header: bool, outcome: RevokeOutcome
) -> None:
    server.answer(reply)
    found = revoke_by_request(context, (in_header if header else in_body)(server.url), Secret(SECRET))
    assert found.outcome is outcome
    assert "canary" not in repr(found)
    assert server.seen


def test_the_secret_is_quoted_as_the_body_needs(context: Context, server: Provider) -> None:
    revoke_by_request(context, in_body(server.url), Secret(SECRET))
    revoke_by_request(context, oauth_revocation(f"{server.url}/revoke", "cli & co", "refresh_token"), Secret(SECRET))
    first, second = server.seen
    assert json.loads(first.body) == {"credentials": [SECRET]}
    assert first.headers["content-type"] == "application/json"
    assert "authorization" not in first.headers
    assert parse_qs(second.body.decode()) == {
        "token": [SECRET],
        "client_id": ["cli & co"],
        "token_type_hint": ["refresh_token"],
    }


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("999999", 86_400.0), ("soon", None), ("-1", None), ("", None)]
)
def test_a_provider_says_how_long_to_wait(context: Context, server: Provider, text: str, seconds: float | None) -> None:
    server.answer(Reply("", 429, {"Retry-After": text}))
    assert revoke_by_request(context, in_header(server.url), Secret(SECRET)).wait_s == seconds


def test_it_may_also_name_the_moment(context: Context, server: Provider) -> None:
    later = datetime(2099, 1, 1, tzinfo=UTC)
    server.answer(Reply("", 503, {"Retry-After": format_datetime(later, usegmt=True)}))
    assert revoke_by_request(context, in_header(server.url), Secret(SECRET)).wait_s == 86_400.0
    server.answer(Reply("", 503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}))
    assert revoke_by_request(context, in_header(server.url), Secret(SECRET)).wait_s == 0.0


def test_where_the_body_says_how_it_went_the_status_is_not_enough(context: Context, server: Provider) -> None:
    request = in_header(server.url)._replace(alive="body:ok", dead=("body:error=token_revoked",))
    for body, outcome in [({"ok": True}, DONE), ({"ok": False}, REFUSED), ({"ok": None}, REFUSED), ([], REFUSED)]:
        server.answer(Reply(body))
        assert revoke_by_request(context, request, Secret(SECRET)).outcome is outcome, body
    server.answer(Reply({"ok": False, "error": "token_revoked"}))
    assert revoke_by_request(context, request, Secret(SECRET)).outcome is DONE


def test_nobody_there_is_later(context: Context) -> None:
    assert revoke_by_request(context, in_header("https://localhost:1"), Secret(SECRET)).outcome is LATER


@pytest.mark.parametrize("secret", ["two\nlines", "tab\t", "ü", "nul\0"])
def test_what_no_header_can_carry_is_not_sent(context: Context, server: Provider, secret: str) -> None:
    found = revoke_by_request(context, in_header(server.url), Secret(secret))
    assert (found.outcome, server.seen) == (REFUSED, [])


def test_a_request_for_others_is_not_sent(context: Context, server: Provider) -> None:
    request = in_header(server.url)._replace(prefixes=("glpat-",))
    found = revoke_by_request(context, request, Secret(SECRET))
    assert (found.outcome, server.seen) == (REFUSED, [])
    assert "glpat-" in found.why


def test_nothing_goes_over_plain_http(context: Context) -> None:
    assert revoke_by_request(context, in_header("http://localhost:1"), Secret(SECRET)).outcome is REFUSED


def test_a_ca_that_cannot_be_used_is_said(context: Context, authority: Authority) -> None:
    with open(context.home.settings, "w", encoding="utf-8") as file:
        file.write('[network]\nca = "gone.pem"\n')
    with pytest.raises(BadInputError) as refusal:
        revoke_by_request(context, in_header("https://localhost:1"), Secret(SECRET))
    assert refusal.value.where == f"{context.home.config}/gone.pem"
