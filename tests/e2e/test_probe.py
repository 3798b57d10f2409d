"""keybound probe: a provider is asked over TLS, at its own name, and each of its answers does what it should and no more."""

import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from keybound.custody.application.rotating import Rotating, rotation_view
from keybound.custody.application.watching import look
from keybound.custody.context.context import Context
from keybound.custody.context.home import find_home
from keybound.custody.evaluation.evaluate import find
from keybound.domain.values.names import parse_token_id
from support.asked import every_provider
from support.programs_at_hand import needed
from support.providers import Authority, Provider, Reply, Seen
from support.staging import Run

SECRET = b"ghp_" + b"a" * 36
GITHUB = Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo, read:org"})


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def internet(environ: dict[str, str], authority: Authority) -> Iterator[Provider]:
    """Every provider, behind a proxy."""
    with every_provider(environ, authority) as made:
        made.answer(GITHUB)
        yield made


@pytest.fixture
def profile(keybound: Run, profiles: Path, internet: Provider) -> Path:
    assert keybound("init").returncode == 0
    return profiles / "default.toml"


def add(keybound: Run, *more: str, name: str = "github", kind: str = "github", secret: bytes = SECRET) -> None:
    done = keybound("add", name, "--env", name.upper(), "--kind", kind, *more, "--yes", given=secret)
    assert done.returncode == 0, done.stderr


def probed(keybound: Run, name: str = "github", status: int = 0) -> dict[str, Any]:
    done = keybound("probe", name, "--json")
    assert done.returncode == status, (done.stdout, done.stderr)
    (row,) = json.loads(done.stdout)
    assert SECRET not in done.stdout + done.stderr
    return dict(row)


def shown(keybound: Run, name: str = "github") -> dict[str, Any]:
    return dict(json.loads(keybound("show", name, "--json").stdout))


def kinds(keybound: Run) -> list[str]:
    return [json.loads(line)["kind"] for line in keybound("log", "--json").stdout.splitlines()]


def test_a_provider_is_asked_at_its_own_name_and_told_apart(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    row = probed(keybound)
    assert row == {
        "id": "default/github",
        "outcome": "ok",
        "why": "",
        "identity": "octo",
        "scopes": ["read:org", "repo"],
        "expires": None,
        "gained": [],
        "lost": [],
    }
    (seen,) = internet.seen
    assert internet.connects == ["api.github.com:443"]
    assert (seen.host, seen.method, seen.path) == ("api.github.com", "GET", "/user")
    assert seen.headers["authorization"] == f"Bearer {SECRET.decode()}"
    assert keybound("probe", "github").stdout == b"default/github  ok; octo; scopes read:org, repo\n"


def test_what_was_heard_can_be_bound_and_a_change_is_told(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--scope", "repo", "--scope", "read:org", "--bind", 'carried.scopes subset_of=["repo","read:org"]')
    assert shown(keybound)["state"] == "suspended"  # never probed
    assert probed(keybound)["gained"] == []
    assert shown(keybound)["state"] == "active"
    internet.answer(Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo, admin:org"}))
    row = probed(keybound)
    assert (row["gained"], row["lost"]) == (["admin:org"], ["read:org"])
    assert shown(keybound)["state"] == "expired"
    assert "scopes" in kinds(keybound)
    internet.answer(GITHUB)
    probed(keybound)
    assert shown(keybound)["state"] == "expired"  # what expired stays so


def test_scopes_that_are_not_declared_are_a_warning(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--scope", "repo", "--scope", "gist")
    row = probed(keybound)
    assert (row["gained"], row["lost"]) == (["read:org"], ["gist"])
    assert shown(keybound)["state"] == "warning"
    messages = " ".join(one["message"] for one in shown(keybound)["findings"])
    assert "read:org" in messages
    assert "gist" in messages


def test_a_token_that_its_provider_refuses_expires(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    internet.answer(Reply({"message": "Bad credentials"}, 401))
    row = probed(keybound, status=1)
    assert row["outcome"] == "revoked"
    found = shown(keybound)
    assert found["state"] == "expired"
    assert "its provider refuses it" in found["findings"][0]["message"]
    internet.answer(GITHUB)
    assert probed(keybound)["outcome"] == "ok"
    assert shown(keybound)["state"] == "expired"


@pytest.mark.parametrize(
    ("reply", "outcome", "status"),
    [
        (Reply({}, 403), "refused", 1),
        (Reply({}, 403, {"X-RateLimit-Remaining": "0"}), "rate-limited", 3),
        (Reply({}, 429, {"Retry-After": "60"}), "rate-limited", 3),
        (Reply({}, 500), "unclear", 1),
        (Reply("", 302, {"Location": "https://evil.example/"}), "unclear", 1),
        (Reply("<html>", kind="text/html"), "unclear", 1),
        (Reply("[1]"), "unclear", 1),
        (Reply("{"), "unclear", 1),
        (Reply({"login": {"deep": 1}}), "unclear", 1),
        (Reply({"login": SECRET.decode()}), "unclear", 1),
        (Reply({"login": "x" * 300}), "unclear", 1),
        (Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "a" * 300}), "unclear", 1),
        (Reply({"login": "octo"}, headers={"GitHub-Authentication-Token-Expiration": "soon"}), "unclear", 1),
        ("big", "unclear", 1),
        ("garble", "unclear", 1),
    ],
)
def test_every_other_answer_changes_nothing(
    keybound: Run, profile: Path, internet: Provider, reply: Reply | str, outcome: str, status: int
) -> None:
    add(keybound)
    probed(keybound)
    before = shown(keybound)
    internet.answer(reply)
    assert probed(keybound, status=status)["outcome"] == outcome
    assert shown(keybound) == before
    assert all("evil" not in name for name in internet.connects)


def test_nobody_there_is_offline(keybound: Run, profile: Path, environ: dict[str, str]) -> None:
    add(keybound)
    environ["HTTPS_PROXY"] = "http://127.0.0.1:1"
    assert probed(keybound, status=3)["outcome"] == "offline"
    assert shown(keybound)["state"] == "active"


def test_an_untrusted_certificate_gets_no_secret(
    keybound: Run, profile: Path, internet: Provider, environ: dict[str, str], authority: Authority
) -> None:
    add(keybound)
    Path(find_home(environ).settings).write_text("")
    environ["SSL_CERT_FILE"] = str(authority.path)
    row = probed(keybound, status=3)
    assert row["outcome"] == "offline"
    assert "certificate" in row["why"]
    assert not internet.seen


def test_an_expiry_that_is_heard_is_the_tokens_end(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    ends = {"GitHub-Authentication-Token-Expiration": "2020-01-31 12:00:00 UTC"}
    internet.answer(Reply({"login": "octo"}, headers=ends))
    assert probed(keybound)["expires"] == "2020-01-31T12:00:00+00:00"
    assert shown(keybound)["state"] == "expired"
    internet.answer(GITHUB)
    probed(keybound)
    assert shown(keybound)["state"] == "active"


def test_a_new_secret_has_to_be_probed_anew(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--bind", "carried.identity equals=octo")
    probed(keybound)
    assert keybound("refresh", "github", given=b"ghp_" + b"b" * 36).returncode == 0
    found = shown(keybound)
    assert found["state"] == "suspended"
    assert "replaced since it was probed" in found["findings"][0]["message"]
    internet.answer(Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo"}))
    assert probed(keybound)["lost"] == ["read:org"]
    assert shown(keybound)["state"] == "active"


def test_unchanged_counts_from_the_first_time_it_is_heard(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--bind", "carried.identity unchanged=true")
    probed(keybound)
    assert shown(keybound)["state"] == "active"
    internet.answer(Reply({"login": "mallory"}, headers={"X-OAuth-Scopes": "repo"}))
    probed(keybound)
    assert shown(keybound)["state"] == "expired"


def test_an_unapproved_token_is_not_asked_about(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    profile.write_text(profile.read_text().replace('env = "GITHUB"', 'env = "OTHER"'))
    done = keybound("probe", "github")
    assert done.returncode == 1
    assert b"keybound approve default/github" in done.stderr
    assert not internet.seen


def test_without_a_name_all_are_asked_about_that_can_be(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    add(keybound, name="plain", kind="opaque", secret=b"s3cret")
    done = keybound("probe", "--json")
    assert [one["id"] for one in json.loads(done.stdout)] == ["default/github"]
    alone = keybound("probe", "plain")
    assert alone.returncode == 1
    assert b"default/plain cannot be probed: nothing approved says how" in alone.stderr


def test_a_secret_leaves_only_after_the_journal_has_it(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    written: list[str] = []

    def answer(_: Seen) -> Reply:
        written.extend(kinds(keybound))
        return GITHUB

    internet.answer(answer)
    probed(keybound)
    assert written[-1] == "asked"
    assert kinds(keybound)[-1] == "probed"


def test_due_probes_are_run_by_whoever_watches(
    keybound: Run, profile: Path, internet: Provider, environ: dict[str, str]
) -> None:
    add(keybound)
    profile.write_text(profile.read_text() + 'probe = { every = "1d" }\n')
    assert keybound("approve", "github", "--yes").returncode == 0
    assert b"github was probed: ok" in keybound("watch", "--once").stdout
    assert len(internet.seen) == 1
    keybound("watch", "--once")
    assert keybound("probe", "--due", "--json").stdout.strip() == b"[]"
    assert len(internet.seen) == 1


def test_a_try_that_fails_is_not_repeated_at_once(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    profile.write_text(profile.read_text() + 'probe = { every = "1d" }\n')
    assert keybound("approve", "github", "--yes").returncode == 0
    internet.answer(Reply({}, 429, {"Retry-After": "3600"}))
    for _ in range(3):
        keybound("probe", "--due")
    assert len(internet.seen) == 1


COMMAND = """#!/bin/sh
read -r secret
printf '%s' "$secret" > seen
cat answer
"""


@pytest.fixture
def script(keybound: Run, profile: Path) -> Path:
    path = profile.parent / "ask"
    path.write_text(COMMAND)
    path.chmod(0o755)
    (profile.parent / "answer").write_text('{"identity": "ann", "scopes": ["a", "b"], "expires": 4102444800}')
    add(keybound, name="own", kind="opaque", secret=b"s3cret")
    profile.write_text(profile.read_text() + 'probe = { command = ["./ask"] }\n')
    return path


def test_a_command_asks_where_no_provider_is_known(keybound: Run, profile: Path, script: Path) -> None:
    assert keybound("probe", "own").returncode == 1  # it is not approved
    assert keybound("approve", "own", "--yes").returncode == 0
    row = probed(keybound, "own")
    assert (row["identity"], row["scopes"], row["expires"]) == ("ann", ["a", "b"], "2100-01-01T00:00:00+00:00")
    assert (profile.parent / "seen").read_text() == "s3cret"
    (profile.parent / "answer").write_text('{"revoked": true}')
    assert probed(keybound, "own", 1)["outcome"] == "revoked"
    assert shown(keybound, "own")["state"] == "expired"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"who": "ann"}',
        '{"scopes": "a\\u0007"}',
        '{"identity": "s3cret"}',
        '{"expires": []}',
        '{"revoked": "true"}',
        '{"expires": "0001-01-01T00:00:00+14:00"}',
        '{"expires": "9999-12-31T23:59:59-14:00"}',
    ],
)
def test_what_a_command_prints_beside_that_is_unclear(keybound: Run, profile: Path, script: Path, text: str) -> None:
    keybound("approve", "own", "--yes")
    (profile.parent / "answer").write_text(text)
    assert probed(keybound, "own", 1)["outcome"] == "unclear"
    assert shown(keybound, "own")["state"] == "active"


def test_another_program_is_not_run(keybound: Run, profile: Path, script: Path) -> None:
    keybound("approve", "own", "--yes")
    script.write_text(COMMAND + "# other\n")
    assert probed(keybound, "own", 1)["outcome"] == "unclear"
    assert not (profile.parent / "seen").exists()


def test_an_entry_that_moved_is_said_and_not_followed(keybound: Run, profile: Path, internet: Provider) -> None:
    folder = profile.parent.parent / "providers"
    folder.mkdir()
    entry = """name = "Acme"
[probe]
url = "https://HOST/me"
header = "Authorization: Bearer {secret}"
[[token]]
name = "token"
prefixes = "ghp_"
pattern = 'ghp_[a-z]{36}'
length = 40
"""
    (folder / "acme.toml").write_text(entry.replace("HOST", "api.acme.example"))
    add(keybound, kind="acme")
    (folder / "acme.toml").write_text(entry.replace("HOST", "evil.example"))
    done = keybound("probe", "github")
    assert internet.connects == ["api.acme.example:443"]
    assert b"not what was approved; to follow it: keybound approve default/github" in done.stderr


def test_no_secret_is_in_argv_or_a_trace(
    keybound: Run, profile: Path, internet: Provider, environ: dict[str, str]
) -> None:
    strace = needed("strace")
    add(keybound)
    traced = subprocess.run(
        [strace, "-f", "-e", "trace=execve,write,openat", "-s", "9999", "keybound", "probe", "github"],
        env=environ,
        capture_output=True,
        check=False,
    )
    assert b"octo" in traced.stdout
    assert SECRET not in traced.stderr


def test_what_is_carried_is_shown_listed_and_completed(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound)
    assert b"carries" not in keybound("show", "github").stdout
    probed(keybound)
    assert b"carries   identity octo; scopes read:org, repo; heard 20" in keybound("show", "github").stdout
    rows = json.loads(keybound("keys", "carried.", "--json").stdout)
    assert [one["key"] for one in rows][:2] == ["carried.identity", "carried.scopes"]
    assert "keybound show TOKEN" in rows[0]["origin"]


def test_scenarios_and_plans_treat_it_as_any_key(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--bind", "carried.identity equals=octo")
    probed(keybound)
    expect = """
[[expect]]
when = { "carried.identity" = "octo" }
then = { github = "active" }
[[expect]]
when = { "carried.identity" = "mallory" }
then = { github = "expired" }
[[expect]]
when = { "carried.identity" = { unreadable = true } }
then = { github = "suspended" }
"""
    profile.write_text(profile.read_text() + expect)
    assert keybound("check", "default").returncode == 0
    planned = keybound("bind", "github", "carried.identity", "equals=ann")
    assert planned.returncode == 1  # nobody said yes to what it would do
    assert b"carried.identity is octo" in planned.stdout + planned.stderr
    assert shown(keybound)["state"] == "active"
    assert b"carried.identity" in keybound("docs", "default").stdout


def test_each_token_has_its_own_reading(keybound: Run, profile: Path, internet: Provider) -> None:
    add(keybound, "--bind", "carried.identity equals=octo")
    add(keybound, "--bind", "carried.identity equals=octo", name="other", secret=b"ghp_" + b"c" * 36)
    probed(keybound)
    internet.answer(Reply({"login": "mallory"}))
    probed(keybound, "other")
    assert (shown(keybound)["state"], shown(keybound, "other")["state"]) == ("active", "expired")


def test_a_jwt_carries_what_it_says_and_whose_word_that_is(keybound: Run, profile: Path) -> None:
    secret = jwt.encode({"sub": "ann", "scope": "read"}, "k" * 32, "HS256").encode()
    add(keybound, "--bind", "carried.identity equals=ann", name="api", kind="jwt", secret=secret)
    assert shown(keybound, "api")["state"] == "active"
    assert b"carries   identity ann; scopes read; not verified" in keybound("show", "api").stdout
    keys = {"keys": [{"kty": "oct", "k": urlsafe_b64encode(b"k" * 32).decode().rstrip("=")}]}
    (profile.parent / "keys.json").write_text(json.dumps(keys))
    profile.write_text(profile.read_text().replace('kind = "jwt"', 'kind = "jwt"\njwt = { jwks = "keys.json" }'))
    assert keybound("approve", "api", "--yes").returncode == 0
    assert b"its signature is good" in keybound("show", "api").stdout
    assert probed(keybound, "api")["outcome"] == "ok"
    (profile.parent / "keys.json").write_text('{"keys": []}')
    assert probed(keybound, "api", 1)["outcome"] == "unclear"
    found = shown(keybound, "api")
    assert found["state"] == "suspended"
    assert "its signature is not verified" in found["findings"][0]["message"]


def test_a_field_sets_how_often_and_the_page_of_dependencies_has_it(
    keybound: Run, profile: Path, internet: Provider
) -> None:
    add(keybound)
    assert keybound("set", "github", "probe.every", "1d", "--yes").returncode == 0
    assert b"- Carried: probed by its provider, every 1d" in keybound("docs", "default").stdout
    assert b"was probed: ok; octo" in keybound("watch", "--once").stdout
    assert shown(keybound)["carries"]["identity"] == "octo"
    assert keybound("set", "github", "jwt.key", "a.pem", "--yes").returncode == 0
    assert keybound("set", "github", "jwt.jwks", "keys.json", "--yes").returncode == 0  # in the place of the key
    assert 'jwks = "keys.json"' in profile.read_text()
    assert "a.pem" not in profile.read_text()


def test_the_application_probes_what_is_due(
    keybound: Run, profile: Path, internet: Provider, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(keybound)
    assert keybound("set", "github", "probe.every", "1d", "--yes").returncode == 0
    monkeypatch.setenv("HTTPS_PROXY", environ["HTTPS_PROXY"])
    context = Context(environ, "/")
    rotating = Rotating(context)
    assert rotation_view(context, find(context, parse_token_id("default/github"))).due
    assert [line.partition(";")[0] for line in rotating.do_due()] == ["default/github was probed: ok"]
    assert not rotation_view(context, find(context, parse_token_id("default/github"))).due
    assert rotating.do_due() == []
    assert "octo" in rotating.probe("default/github")
    context.close()


LOADED = """
import sys
from keybound.cli.main import main
status = main(sys.argv[1:])
heavy = {"jwt", "cryptography", "httpx", "httpcore", "ssl"}
print(status, sorted({one.partition(".")[0] for one in sys.modules} & heavy), file=sys.stderr)
"""


def test_a_release_of_what_is_bound_to_what_it_carries_loads_nothing_for_it(
    keybound: Run, profile: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    secret = jwt.encode({"sub": "ann"}, "k" * 32, "HS256").encode()
    add(keybound, "--bind", "carried.identity equals=ann", name="api", kind="jwt", secret=secret)
    done = subprocess.run(
        [sys.executable, "-c", LOADED, "env", "--shell", "json"],
        env=environ, cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    assert secret in done.stdout
    assert done.stderr.decode().splitlines()[-1] == "0 []"


def test_what_cannot_be_asked_is_said_and_not_tried_again_at_once(
    keybound: Run, profile: Path, internet: Provider, environ: dict[str, str]
) -> None:
    add(keybound)
    assert keybound("set", "github", "probe.every", "1d", "--yes").returncode == 0
    Path(find_home(environ).settings).write_text('[network]\nca = "gone.pem"\n')
    said = keybound("watch", "--once").stdout
    assert b"gone.pem: no such file" in said
    context = Context(environ, "/")
    _, again = look(context, 600.0)
    assert again.seconds > 60
    context.close()
    assert kinds(keybound).count("asked") == 1
    assert shown(keybound)["state"] == "active"
