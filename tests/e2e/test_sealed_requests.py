"""What a token takes from its provider's entry is sealed by value: where its secret may be sent is its owner's to say."""

import json
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.domain.seal.envelope import Envelope, decode_envelope
from keybound.domain.seal.requests import PROBE, REVOKE, SealedRequest, sealed_request
from keybound.domain.text.secret import expose_secret
from keybound.stores.base import Item
from support.envelopes import text_of
from support.staging import Run

ENTRY = """
name = "Acme"
[probe]
url = "{address}"
header = "Authorization: Bearer {secret}"
identity = "body:login"
[[token]]
name = "token"
prefixes = "acme_"
pattern = 'acme_[0-9a-z]{8}'
length = 13
"""
SECRET = b"acme_0123abcd"


@pytest.fixture
def profile(keybound: Run, profiles: Path) -> Path:
    assert keybound("init").returncode == 0
    return profiles / "default.toml"


def own_entry(profiles: Path, address: str) -> None:
    folder = profiles.parent / "providers"
    folder.mkdir(exist_ok=True)
    (folder / "acme.toml").write_text(ENTRY.replace("{address}", address))


def envelope(environ: dict[str, str], name: str) -> Envelope:
    context = Context(environ, "/")
    return decode_envelope(
        text_of(context.store, Item("default", name, "token")), context.home.config, f"default/{name}", "token"
    )


def request(environ: dict[str, str], name: str, which: str = PROBE) -> SealedRequest | None:
    return sealed_request(envelope(environ, name).requests, which)


def state(keybound: Run, name: str) -> str:
    rows = json.loads(keybound("list", "--json").stdout)
    return str(next(one["state"] for one in rows if one["id"] == f"default/{name}"))


def test_what_add_says_is_what_is_sealed(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    done = keybound("add", "github", "--env", "GITHUB_TOKEN", "--kind", "github", given=b"ghp_x")
    assert b"probe     GET https://api.github.com/user\n" in done.stdout
    assert b"revoke    POST https://api.github.com/credentials/revoke\n" in done.stdout
    asked, revoking = request(environ, "github"), request(environ, "github", REVOKE)
    assert asked is not None
    assert revoking is not None
    assert (asked.host, asked.scopes) == ("api.github.com", "header:x-oauth-scopes")
    assert asked.headers == ("Authorization: Bearer {secret}",)
    assert revoking.body == '{"credentials": ["{secret}"]}'


def test_an_entry_that_changes_is_not_followed_until_it_is_approved(
    keybound: Run, profile: Path, environ: dict[str, str]
) -> None:
    own_entry(profile.parent, "https://api.acme.example/me")
    assert keybound("add", "acme", "--env", "ACME_TOKEN", given=SECRET).returncode == 0
    own_entry(profile.parent, "https://evil.example/me")
    assert keybound("bind", "acme", "flags.beta", "absent=true", "--yes").returncode == 0
    assert keybound("refresh", "acme", given=SECRET).returncode == 0
    asked = request(environ, "acme")
    assert asked is not None
    assert asked.host == "api.acme.example"
    assert state(keybound, "acme") == "active"
    done = keybound("approve", "default")
    assert done.returncode == 1  # nobody said yes
    assert "- requests.probe.url = https://api.acme.example/me" in done.stdout.decode()
    assert "+ requests.probe.url = https://evil.example/me" in done.stdout.decode()
    assert keybound("approve", "default", "--yes").returncode == 0
    asked = request(environ, "acme")
    assert asked is not None
    assert asked.host == "evil.example"
    assert b"nothing to approve" in keybound("approve", "default").stdout


def test_a_place_is_filled_in_where_it_is_approved_and_no_variable_moves_it_later(
    keybound: Run, profile: Path, environ: dict[str, str]
) -> None:
    own_entry(profile.parent, "{env:ACME_ADDR}/me")
    more = {"ACME_ADDR": "https://acme.corp/"}
    assert keybound("add", "acme", "--env", "ACME_TOKEN", given=SECRET, more=more).returncode == 0
    other = {"ACME_ADDR": "https://evil.example"}
    assert keybound("refresh", "acme", given=SECRET, more=other).returncode == 0
    assert keybound("approve", "acme", "--yes").returncode == 0  # where it has no value the approved one stays
    asked = request(environ, "acme")
    assert asked is not None
    assert asked.url == "https://acme.corp/me"
    shown = keybound("approve", "acme", more=other).stdout.decode()
    assert "+ requests.probe.url = https://evil.example/me" in shown


@pytest.mark.parametrize("address", ["", "http://acme.corp", "https://me:pw@acme.corp", "acme.corp"])
def test_no_secret_is_promised_to_an_address_that_is_none(
    keybound: Run, profile: Path, environ: dict[str, str], address: str
) -> None:
    own_entry(profile.parent, "{env:ACME_ADDR}/me")
    done = keybound("add", "acme", "--env", "ACME_TOKEN", given=SECRET, more={"ACME_ADDR": address})
    assert done.returncode == 0
    assert request(environ, "acme") is None
    assert b"env:ACME_ADDR" in done.stderr


def test_a_request_that_is_for_others_of_its_provider_is_not_taken(
    keybound: Run, profile: Path, environ: dict[str, str]
) -> None:
    assert keybound("add", "runner", "--env", "RUNNER", "--kind", "gitlab", given=b"glrt-" + b"a" * 20).returncode == 0
    assert envelope(environ, "runner").requests == {}


def test_another_kind_has_other_requests(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    assert keybound("add", "x", "--env", "X_TOKEN", "--kind", "github", given=b"ghp_x").returncode == 0
    assert keybound("set", "x", "kind", "npm", "--yes").returncode == 0
    asked = request(environ, "x")
    assert asked is not None
    assert asked.host == "registry.npmjs.org"


def test_an_own_entry_that_breaks_takes_nothing_away(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    own_entry(profile.parent, "https://api.acme.example/me")
    assert keybound("add", "acme", "--env", "ACME_TOKEN", given=SECRET).returncode == 0
    (profile.parent.parent / "providers" / "acme.toml").write_text("name = 1\n")
    assert keybound("approve", "acme", "--yes").returncode == 0
    assert keybound("set", "acme", "ttl", "30d", "--yes").returncode == 0
    asked = request(environ, "acme")
    assert asked is not None
    assert asked.host == "api.acme.example"


def test_a_request_of_a_later_version_is_none_and_its_token_stays(
    keybound: Run, profile: Path, environ: dict[str, str]
) -> None:
    assert sealed_request({"probe": {"method": "GET", "url": "https://x/", "dance": "yes"}}, PROBE) is None


def test_a_token_that_was_stored_before_has_none(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    assert keybound("add", "plain", "--env", "PLAIN", given=b"s3cret").returncode == 0
    context = Context(environ, "/")
    text = json.loads(expose_secret(text_of(context.store, Item("default", "plain", "token"))))
    assert "requests" not in text


def test_an_edit_takes_no_address_from_a_variable(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    own_entry(profile.parent, "{env:ACME_ADDR}/me")
    assert keybound("add", "acme", "--env", "ACME_TOKEN", given=SECRET).returncode == 0
    evil = {"ACME_ADDR": "https://evil.example"}
    assert keybound("set", "acme", "ttl", "30d", "--yes", more=evil).returncode == 0
    assert keybound("refresh", "acme", given=SECRET, more=evil).returncode == 0
    assert request(environ, "acme") is None
    assert keybound("approve", "acme", "--yes", more={"ACME_ADDR": "https://acme.corp"}).returncode == 0
    asked = request(environ, "acme")
    assert asked is not None
    assert asked.host == "acme.corp"


@pytest.mark.parametrize("value", ["git.corp.example", "https://git.corp.example", "https://localhost:8443/x"])
def test_a_token_of_another_server_is_none_of_its_providers_business(
    keybound: Run, profile: Path, environ: dict[str, str], value: str
) -> None:
    more = {"GITLAB_HOST": value}
    secret = b"glpat-" + b"a" * 20
    done = keybound("add", "git", "--env", "GL", "--kind", "gitlab", given=secret, more=more)
    assert done.returncode == 0, done.stderr
    assert b"it is not probed at gitlab.com: env:GITLAB_HOST is" in done.stderr
    assert envelope(environ, "git").requests == {}


def test_a_boundary_says_so_where_the_variable_is_not_set(
    keybound: Run, profile: Path, environ: dict[str, str]
) -> None:
    bind = "env:GITLAB_HOST equals=git.corp.example outside=suspend"
    secret = b"glpat-" + b"a" * 20
    done = keybound("add", "git", "--env", "GL", "--kind", "gitlab", "--bind", bind, "--yes", given=secret)
    assert done.returncode == 0, done.stderr
    assert envelope(environ, "git").requests == {}


@pytest.mark.parametrize("value", ["", "gitlab.com", "https://gitlab.com/", "[", "gitlab"])
def test_its_own_server_is_no_other(keybound: Run, profile: Path, environ: dict[str, str], value: str) -> None:
    secret = b"glpat-" + b"a" * 20
    done = keybound("add", "git", "--env", "G", "--kind", "gitlab", given=secret, more={"GITLAB_HOST": value})
    assert done.returncode == 0, done.stderr
    asked = request(environ, "git")
    assert asked is not None
    assert asked.host == "gitlab.com"
