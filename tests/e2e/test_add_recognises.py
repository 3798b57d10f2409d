"""``add`` asks for nothing that the secret tells; what would be a guess it only names."""

import json
import random
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import jwt
import pexpect
import pytest

from keybound.catalogue.shipped import shipped
from support.samples import good_sample
from support.staging import COMMAND, Run

REMOTE = "https://github.com/acme/tools.git"


def token_of(provider: str, number: int = 0) -> str:
    entry = next(one for one in shipped() if one.id == provider)
    return good_sample(entry.tokens[number], random.Random(f"{provider}{number}"))


@pytest.fixture
def profile(keybound: Run, profiles: Path) -> Path:
    assert keybound("init").returncode == 0
    return profiles / "default.toml"


@pytest.fixture
def repository(tmp_path: Path, environ: dict[str, str]) -> None:
    for words in (["init", "-q"], ["remote", "add", "origin", REMOTE]):
        subprocess.run(["git", *words], cwd=tmp_path, env=environ, check=True)


def tokens(profile: Path) -> dict[str, Any]:
    made: dict[str, Any] = tomllib.loads(profile.read_text())["tokens"]
    return made


def test_a_name_and_a_secret_are_the_whole_of_it(keybound: Run, profile: Path, repository: None) -> None:
    done = keybound("add", "github", given=token_of("github").encode())
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == [
        "GitHub: personal access token (classic) (checksum holds)",
        "  variable  GITHUB_TOKEN",
        "● default/github is stored and active",
        "  probe     GET https://api.github.com/user",
        "  revoke    POST https://api.github.com/credentials/revoke",
        "  not bound to git:remote.origin.url, for a token that is meant for this repository alone. To bind it:",
        f"    keybound bind default/github git:remote.origin.url 'equals=\"{REMOTE}\" outside=suspend'",
    ]
    assert tokens(profile) == {"github": {"env": "GITHUB_TOKEN", "kind": "github"}}
    assert keybound("env", "--shell", "json").stdout.decode().count(token_of("github")) == 1
    bind = ["git:remote.origin.url", f'equals="{REMOTE}" outside=suspend']
    assert keybound("bind", "default/github", *bind).returncode == 0  # as it was told


def test_not_even_a_name(keybound: Run, profile: Path) -> None:
    for number, name in enumerate(("github", "github-2")):
        done = keybound("add", given=token_of("github", number).encode())
        assert f"● default/{name} is stored" in done.stdout.decode(), done.stderr
    assert [one["env"] for one in tokens(profile).values()] == ["GITHUB_TOKEN", "GH_TOKEN"]
    unknown = keybound("add", given=b"s3cret")
    assert unknown.returncode == 2
    assert b"keybound add NAME --env VARIABLE" in unknown.stderr


@pytest.mark.parametrize(("more", "bound"), [((), False), (("--yes",), True)])
def test_what_is_certain_is_bound_with_yes(keybound: Run, profile: Path, more: tuple[str, ...], bound: bool) -> None:
    done = keybound("add", "gitlab", *more, given=token_of("gitlab").encode(), more={"GITLAB_HOST": "git.acme.example"})
    assert done.returncode == 0, done.stderr
    found = tokens(profile)["gitlab"].get("bound", {})
    assert found == ({"env:GITLAB_HOST": {"equals": "git.acme.example", "outside": "suspend"}} if bound else {})
    assert (b"not bound to env:GITLAB_HOST" in done.stdout) is not bound


def test_what_would_be_a_guess_is_never_bound(keybound: Run, profile: Path, repository: None) -> None:
    done = keybound("add", "github", "--yes", given=token_of("github").encode())
    assert b"not bound to git:remote.origin.url" in done.stdout
    assert "bound" not in tokens(profile)["github"]


def test_what_cannot_be_read_is_not_proposed(keybound: Run, profile: Path) -> None:
    done = keybound("add", "gitlab", "--yes", given=token_of("gitlab").encode())
    assert b"bound" not in done.stdout
    assert b"proposed" not in done.stdout


@pytest.mark.parametrize(("answer", "bound"), [("", True), ("n", False)])
def test_at_a_terminal_it_is_one_question(
    environ: dict[str, str], profile: Path, tmp_path: Path, answer: str, bound: bool
) -> None:
    given = {**environ, "GITLAB_HOST": "git.acme.example"}
    child = pexpect.spawn(COMMAND, ["add", "gitlab"], env=given, cwd=str(tmp_path), encoding="utf-8", timeout=20)
    child.expect_exact("Secret for default/gitlab: ")
    child.sendline(token_of("gitlab"))
    child.expect_exact("proposed  env:GITLAB_HOST = git.acme.example: glab sends it to this host")
    child.expect_exact("Bind it so? [Y/n] ")
    child.sendline(answer)
    child.expect_exact("is stored and active")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert ("bound" in tokens(profile)["gitlab"]) is bound


def test_a_checksum_that_fails_is_asked_about(keybound: Run, profile: Path) -> None:
    before = profile.read_bytes()
    good = token_of("github")
    broken = (good[:-1] + ("0" if good[-1] != "0" else "1")).encode()
    done = keybound("add", "github", given=broken)
    assert (done.returncode, profile.read_bytes()) == (1, before)
    assert b"mistyped or cut" in done.stderr
    assert b"github" not in keybound("list", "--json").stdout
    assert keybound("add", "github", "--yes", given=broken).returncode == 0
    assert tokens(profile)["github"]["kind"] == "github"


def test_what_is_given_or_defined_stays(keybound: Run, profile: Path) -> None:
    words = ("--env", "MINE", "--kind", "opaque")
    assert keybound("add", "a", *words, given=token_of("github").encode()).returncode == 0
    assert tokens(profile)["a"] == {"env": "MINE", "kind": "opaque"}
    profile.write_text(profile.read_text() + '\n[tokens.b]\nenv = "B"\nkind = "other"\n')
    assert keybound("add", "b", given=token_of("github").encode()).returncode == 0
    assert tokens(profile)["b"] == {"env": "B", "kind": "other"}


def test_a_kind_tells_the_variable_of_any_secret(keybound: Run, profile: Path) -> None:
    assert keybound("add", "registry", "--kind", "npm", given=b"s3cret").returncode == 0
    assert tokens(profile)["registry"] == {"env": "NPM_TOKEN", "kind": "npm"}
    done = keybound("add", "chat", given=token_of("jwt").encode())
    assert done.returncode == 2
    assert b"Give --env VARIABLE" in done.stderr
    assert "chat" not in tokens(profile)


def test_a_jwt_tells_its_scopes_and_its_end(keybound: Run, profile: Path) -> None:
    secret = jwt.encode({"exp": 4102444800, "scope": "repo:read  packages:write", "aud": "x"}, "k" * 32)
    done = keybound("add", "api", "--env", "API_TOKEN", given=secret.encode())
    assert done.returncode == 0, done.stderr
    assert "  expires   2100-01-01 00:00 UTC (the token says so)" in done.stdout.decode().splitlines()
    assert tokens(profile)["api"] == {"env": "API_TOKEN", "kind": "jwt", "scopes": ["repo:read", "packages:write"]}


def test_a_bad_entry_of_ones_own_is_said(keybound: Run, profile: Path) -> None:
    folder = profile.parent.parent / "providers"
    folder.mkdir()
    (folder / "bad.toml").write_text("name = 1\n")
    done = keybound("add", "github", given=token_of("github").encode())
    assert done.returncode == 0
    assert f"{folder}/bad.toml:1:1: name: must be text in quotes" in done.stderr.decode()
    assert json.loads(keybound("list", "--json").stdout)[0]["kind"] == "github"
