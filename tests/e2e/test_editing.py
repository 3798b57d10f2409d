"""Editing what exists: fields of a token, names of files, values of a profile; what is listed; what is not echoed."""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.staging import Run, furnish


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return profiles / "staging.toml"


def token(profile: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(profile.read_text())["tokens"]["github"]
    return found


@pytest.mark.parametrize(
    ("field", "given", "value", "said"),
    [
        ("ttl", "30d", "30d", "staging/github: ttl = 30d (text)"),
        ("kind", "github", "github", "(text)"),
        ("env", "GH_TOKEN", "GH_TOKEN", "(text)"),
        ("env", "GH_TOKEN,GITHUB_TOKEN", ["GH_TOKEN", "GITHUB_TOKEN"], "GH_TOKEN, GITHUB_TOKEN (list)"),
        ("scopes", "repo:read, packages:write", ["repo:read", "packages:write"], "(list)"),
        ("scopes", '["a,b"]', ["a,b"], "(list)"),
        ("release", "exec", ["exec"], "(list)"),
        ("callers", "terraform", ["terraform"], "(list)"),
        ("outside", "suspend", "suspend", "(text)"),
        ("grace", "10m", "10m", "(text)"),
        ("wipe", "true", True, "(boolean)"),
        ("refresh", "./mint 'a b'", {"command": ["./mint", "a b"]}, "(list)"),
    ],
)
def test_a_field_is_set_and_sealed(
    keybound: Run, staging: Path, field: str, given: str, value: object, said: str
) -> None:
    done = keybound("set", "github", field, given, "--yes")
    assert done.returncode == 0, done.stderr
    assert said in done.stdout.decode()
    assert token(staging)[field] == value
    assert "# kept too" in staging.read_text()
    assert b"active" in keybound("list").stdout
    if field not in ("env", "scopes"):
        assert keybound("set", "staging/github", field, "--unset", "--yes").returncode == 0
        assert field not in token(staging)


def test_one_end_replaces_the_other(keybound: Run, staging: Path) -> None:
    assert keybound("set", "github", "ttl", "30d", "--yes").returncode == 0
    done = keybound("set", "github", "expires", "2027-01-31", "--yes", more={"TZ": "UTC"})
    assert b"ttl is no longer set" in done.stdout
    assert "ttl" not in token(staging)
    assert "expires = 2027-01-31T23:59:59" in staging.read_text()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("github", "ttl", "soon"), 2), (("github", "nosuch", "1"), 2), (("github", "ttl"), 2),
        (("github", "ttl", "1d", "--unset"), 2), (("nosuch", "ttl", "1d"), 4), (("github", "kind", "--unset"), 4),
        (("github", "env", "PATH"), 2), (("github", "env", "--unset"), 2), (("github", "refresh", "'"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_set_changes_nothing(keybound: Run, staging: Path, words: tuple[str, ...], status: int) -> None:
    before = staging.read_bytes()
    assert keybound("set", *words).returncode == status
    assert staging.read_bytes() == before


def test_a_change_that_costs_the_token_is_asked_about(keybound: Run, staging: Path) -> None:
    staging.write_text(staging.read_text() + '[roles]\nactive = ["a"]\n[roles.grants]\na = ["repo"]\n')
    time.sleep(0.4)
    assert keybound("approve", "staging", "--yes").returncode == 0
    before = staging.read_bytes()
    done = keybound("set", "github", "scopes", "admin")
    assert (done.returncode, staging.read_bytes()) == (1, before)
    assert b"expired" in done.stderr


def test_a_file_is_named(keybound: Run, staging: Path, home: Path) -> None:
    done = keybound("file", "npmrc", "~/.npmrc")
    assert done.stdout == b"staging: file:npmrc is ~/.npmrc\n"
    assert tomllib.loads(staging.read_text())["files"] == {"kube": "~/kube.yaml", "npmrc": "~/.npmrc"}
    (home / "other.yaml").write_text("current-context: prod\n")
    before = staging.read_bytes()
    done = keybound("file", "kube", str(home / "other.yaml"))
    assert (done.returncode, staging.read_bytes()) == (1, before)
    assert b"staging/github" in done.stderr
    assert keybound("file", "A b", "x").returncode == 2


def test_profile_set_says_the_type_and_takes_a_text(keybound: Run, staging: Path) -> None:
    assert keybound("profile", "set", "staging", "settings.port", "8080").stdout == b"settings.port = 8080 (number)\n"
    done = keybound("profile", "set", "staging", "settings.port", "8080", "--text")
    assert done.stdout == b'settings.port = "8080" (text)\n'
    assert tomllib.loads(staging.read_text())["settings"]["port"] == "8080"


def test_list_says_when_it_was_used_and_folds_what_was_never_added(
    keybound: Run, staging: Path, profiles: Path
) -> None:
    (profiles / "child.toml").write_text('schema = 1\nextends = "staging"\n')
    time.sleep(0.4)
    said = keybound("list").stdout.decode().splitlines()
    assert said[0].split("  ") == ["○ child: 1 inherited token was never added here: github"] or "never used" in said[0]
    assert "○ child: 1 inherited token was never added here: github" in said
    assert any("staging/github  active      never used  GITHUB_TOKEN" in line for line in said)
    assert keybound("exec", "staging", "--", "true").returncode == 0
    assert "used " in keybound("list").stdout.decode().replace("never used", "")
    assert b"child/github" in keybound("list", "--state", "missing").stdout
    assert [one["id"] for one in json.loads(keybound("list", "--json").stdout)] == ["child/github", "staging/github"]


def test_the_stale_list_keeps_filters_order_and_columns(keybound: Run, staging: Path, profiles: Path) -> None:
    (profiles / "default.toml").write_text('schema = 1\n[tokens.z]\nenv = "Z"\n[tokens.a]\nenv = "A"\n')
    for name in ("z", "a"):
        assert keybound("add", f"default/{name}", given=b"s").returncode == 0
    assert keybound("expire", "default/a", "--yes").returncode == 0
    fresh = keybound("list").stdout.decode().splitlines()
    keybound("lock")
    away = {"KEYBOUND_PASSWORD_FILE": ""}
    stale = keybound("list", more=away)
    assert stale.returncode == 3
    words = [line.split()[1:3] for line in stale.stdout.decode().splitlines()]
    assert words == [line.split()[1:3] for line in fresh]
    assert [one[0] for one in words] == ["default/z", "default/a", "staging/github"]
    assert all("never used" in line and "(last known)" in line for line in stale.stdout.decode().splitlines())
    only = keybound("list", "--profile", "default", "--state", "expired", "--json", more=away)
    assert [one["id"] for one in json.loads(only.stdout)] == ["default/a"]


def test_log_of_a_token_that_never_was(keybound: Run, staging: Path) -> None:
    assert keybound("log", "--token", "nosuch").returncode == 4
    assert keybound("log", "--token", "staging/nosuch").returncode == 4
    assert b"added" in keybound("log", "--token", "github").stdout
    assert keybound("log", "--token", "staging").returncode == 0
    assert keybound("remove", "github", "--yes").returncode == 0
    assert b"removed" in keybound("log", "--token", "staging/github").stdout


def test_the_unlock_hint_never_names_itself(keybound: Run, staging: Path) -> None:
    keybound("lock")
    done = keybound("unlock", more={"KEYBOUND_PASSWORD_FILE": ""})
    assert done.returncode == 3
    assert b"keybound unlock" not in done.stderr
    assert b"KEYBOUND_PASSWORD_FILE" in done.stderr


GHP = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.mark.parametrize(
    "words",
    [("add", GHP), ("refresh", GHP), (GHP,), ("list", "--state", GHP), ("add", "default/a", GHP), ("use", GHP)],
)
def test_a_secret_as_an_argument_is_not_echoed(keybound: Run, words: tuple[str, ...]) -> None:
    done = keybound(*words)
    assert done.returncode != 0
    assert b"16C7e42F" not in done.stdout + done.stderr
