"""Each provider that can be asked, answering as its documentation shows: what is heard, and when a token counts as gone."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from keybound.catalogue.provider import Provider
from keybound.catalogue.shipped import shipped, shipped_one
from keybound.custody.context.context import Context
from keybound.custody.probing.answers import Answer, Heard, ProbeOutcome, answer_of
from keybound.custody.providers.requests import take_requests
from keybound.domain.profile.inherit import effective
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import PROBE, SealedRequest, sealed_request
from keybound.domain.text.secret import Secret
from keybound.remote.http import HttpResponse

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ASKED = [one for one in shipped() if one.probe is not None]
OK, REVOKED, REFUSED, UNCLEAR = ProbeOutcome.OK, ProbeOutcome.REVOKED, ProbeOutcome.REFUSED, ProbeOutcome.UNCLEAR


def secret_of(provider: Provider) -> Secret:
    probe = provider.probe
    begins = (probe.prefixes if probe else ()) or provider.tokens[0].prefixes or ("",)
    return Secret("x" * 40 if probe and probe.sign else f"{begins[0]}0123456789abcdef")


def request_of(environ: dict[str, str], provider: Provider, secret: Secret) -> SealedRequest:
    more = {
        "VAULT_ADDR": "https://vault.example",
        "DOCKER_USERNAME": 'a"b',
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    }
    context = Context({**environ, **more}, "/")
    table = {"tokens": {"x": {"env": "X", "kind": provider.id}}}
    profile = effective(["p"], ["/p.toml"], [table])
    taken = take_requests(context, profile.tokens["x"], profile, Envelope("/c", "p/x", "token", "1", 1, secret))
    found = sealed_request(taken.requests, PROBE)
    assert found is not None, taken.notes
    return found


def answer(environ: dict[str, str], id_: str, body: object, status: int = 200, **headers: str) -> Answer:
    provider = shipped_one(id_)
    assert provider is not None
    secret = secret_of(provider)
    told = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return answer_of(
        request_of(environ, provider, secret), HttpResponse(status, told, Secret(json.dumps(body))), secret, NOW
    )


@pytest.mark.parametrize(
    ("id_", "body", "headers", "heard"),
    [
        ("github", {"login": "octo"}, {"x_oauth_scopes": "repo, gist"}, Heard("octo", ("gist", "repo"))),
        (
            "github",
            {"login": "octo"},
            {"x_oauth_scopes": "", "github_authentication_token_expiration": "2027-10-12 09:00:00 UTC"},
            Heard("octo", None, "2027-10-12T09:00:00+00:00"),
        ),
        (
            "github",
            {"login": "octo"},
            {"github_authentication_token_expiration": "2027-10-12 09:00:00 -0700"},
            Heard("octo", None, "2027-10-12T16:00:00+00:00"),
        ),
        (
            "gitlab",
            {"id": 42, "scopes": ["api", "read_user"], "expires_at": "2027-01-31", "active": True},
            {},
            Heard("", ("api", "read_user"), "2027-01-31T00:00:00+00:00"),
        ),
        ("npm", {"username": "ann"}, {}, Heard("ann")),
        ("slack", {"ok": True, "user_id": "U1"}, {"x_oauth_scopes": "chat:write,users:read"},
         Heard("U1", ("chat:write", "users:read"))),
        (
            "cloudflare",
            {"success": True, "errors": [], "messages": [],
             "result": {"id": "f267", "status": "active", "expires_on": "2027-01-01T00:00:00Z"}},
            {},
            Heard("f267", None, "2027-01-01T00:00:00+00:00"),
        ),
        ("cloudflare", {"success": True, "result": {"id": "f267", "status": "active"}}, {}, Heard("f267")),
        ("huggingface", {"name": "ann", "auth": {"accessToken": {"role": "read"}}}, {}, Heard("ann", ("read",))),
        ("sentry", {"version": "0", "auth": {"scopes": ["org:read"]}, "user": {"username": "ann"}}, {},
         Heard("ann", ("org:read",))),
        ("sentry", {"version": "0", "auth": {"scopes": ["org:ci"]}, "user": None}, {}, Heard("", ("org:ci",))),
        ("digitalocean", {"account": {"uuid": "b6fr", "email": "a@example.com"}}, {}, Heard("b6fr")),
        ("openai", {"object": "list", "data": [{"id": "m"}]}, {}, Heard()),
        ("docker-hub", {"access_token": "eyJhbGciOi"}, {}, Heard()),
        (
            "vault",
            {"data": {"display_name": "token", "policies": ["default"], "expire_time": "2026-11-28T12:33:54.460715419Z"}},
            {},
            Heard("token", ("default",), "2026-11-28T12:33:54+00:00"),
        ),
        ("vault", {"data": {"display_name": "root", "policies": ["root"], "expire_time": None}}, {},
         Heard("root", ("root",))),
    ],
)  # fmt: skip
def test_what_is_heard(environ: dict[str, str], id_: str, body: Any, headers: dict[str, Any], heard: Heard) -> None:
    assert answer(environ, id_, body, 200, **headers) == Answer(OK, "", heard)


@pytest.mark.parametrize(
    ("id_", "body", "status", "outcome"),
    [
        ("github", {"message": "Bad credentials"}, 401, REVOKED),
        ("gitlab", {"message": "401 Unauthorized"}, 401, REVOKED),
        ("slack", {"ok": False, "error": "token_revoked"}, 200, REVOKED),
        ("slack", {"ok": False, "error": "account_inactive"}, 200, REVOKED),
        ("slack", {"ok": False, "error": "invalid_auth"}, 200, UNCLEAR),  # the address may be the reason
        ("slack", {"ok": False, "error": "internal_error"}, 200, UNCLEAR),
        ("cloudflare", {"success": True, "result": {"id": "f", "status": "disabled"}}, 200, REVOKED),
        ("cloudflare", {"success": False, "errors": [{"code": 1000}]}, 200, UNCLEAR),
        ("sentry", {"version": "0", "auth": None, "user": None}, 200, UNCLEAR),
        ("docker-hub", {}, 401, REFUSED),  # the name beside it may be wrong
        ("vault", {"errors": ["permission denied"]}, 403, REFUSED),  # so it is for another namespace's token
        ("xai", {}, 401, REFUSED),  # the entry does not say for which of its kinds it is
    ],
)
def test_what_says_that_a_token_is_gone(
    environ: dict[str, str], id_: str, body: Any, status: int, outcome: ProbeOutcome
) -> None:
    assert answer(environ, id_, body, status).outcome is outcome


def test_the_name_beside_a_secret_is_quoted_as_the_body_needs(environ: dict[str, str]) -> None:
    provider = shipped_one("docker-hub")
    assert provider is not None
    request = request_of(environ, provider, secret_of(provider))
    assert json.loads(request.body) == {"identifier": 'a"b', "secret": "{secret}"}
    assert "{env:DOCKER_USERNAME}" in request.template


@pytest.mark.parametrize("provider", ASKED, ids=lambda one: one.id)
def test_a_401_ends_a_token_only_where_the_entry_says_for_which_it_is(
    environ: dict[str, str], provider: Provider
) -> None:
    assert provider.probe is not None
    begins = {prefix for kind in provider.tokens for prefix in kind.prefixes}
    for prefix in provider.probe.prefixes:
        assert any(one.startswith(prefix) or prefix.startswith(one) for one in begins), prefix
    request = request_of(environ, provider, secret_of(provider))
    sure = bool(provider.probe.prefixes) or len(provider.tokens) == 1
    in_header = any("{secret}" in one for one in request.headers)
    found = answer_of(request, HttpResponse(401, {}, Secret("")), secret_of(provider), NOW)
    assert found.outcome is (REVOKED if sure and in_header else REFUSED)
