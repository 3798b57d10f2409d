"""What others write into profiles is unapproved: it expires nothing, and no later act of the owner's approves it."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.staging import CANARY, REST

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
PARENT = """schema = 1
[flags]
writes = false
[roles]
active = ["deployer"]
[roles.grants]
deployer = ["repo:read"]
[env]
REGION = "eu"
[files]
kube = "~/kube.yaml"
[tokens.github]
env = "GITHUB_TOKEN"
scopes = ["repo:read"]
[tokens.github.bound]
"flags.writes" = { equals = false }
"file:kube#current-context" = { equals = "staging" }
"""
CHILD = 'extends = "parent"   # kept\n[tokens.other]\nenv = "OTHER"\n'


@pytest.fixture
def parent(keybound: Run, profiles: Path, home: Path) -> Path:
    """The file of a profile whose child has the token github, approved with all its parts."""
    assert keybound("init").returncode == 0
    (profiles / "parent.toml").write_text(PARENT)
    (profiles / "child.toml").write_text(CHILD)
    (home / "kube.yaml").write_text("current-context: staging\n")
    (home / "other.yaml").write_text("current-context: prod\n")
    time.sleep(REST)
    for token, secret in (("child/github", CANARY), ("child/other", b"other")):
        added = keybound("add", token, "--yes", given=secret + b"\n")
        assert added.returncode == 0, added.stderr
    assert keybound("approve", "child", "--yes").returncode == 0
    assert released(keybound) == {"GITHUB_TOKEN": CANARY.decode(), "OTHER": "other", "REGION": "eu"}
    return profiles / "parent.toml"


def released(keybound: Run) -> dict[str, str]:
    done = keybound("env", "child", "--shell", "json")
    assert done.returncode in (0, 1), done.stderr
    given: dict[str, str] = json.loads(done.stdout)
    return given


def state(keybound: Run) -> str:
    rows = {row["id"]: row["state"] for row in json.loads(keybound("list", "--json").stdout)}
    return str(rows["child/github"])


LATER = [
    ("bind", "child/other", "cwd", "exists=true"),
    ("profile", "set", "child", "settings.region", "us", "--yes"),
    ("profile", "set", "parent", "settings.region", "us", "--yes"),
    ("approve", "child/other", "--yes"),
    ("refresh", "child/other"),
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"flags.writes" = { equals = false }', '"flags.writes" = { equals = true }'),
        ('env = "GITHUB_TOKEN"', 'env = "STOLEN"'),
        ('deployer = ["repo:read"]', 'deployer = ["repo:*"]'),
        ('deployer = ["repo:read"]', "deployer = []"),
        ("~/kube.yaml", "~/other.yaml"),
    ],
    ids=["boundary", "variable", "wider-grant", "no-grant", "file-path"],
)
def test_the_token_is_unapproved_and_stays_so(keybound: Run, parent: Path, old: str, new: str) -> None:
    before = parent.read_text()
    parent.write_text(before.replace(old, new))
    time.sleep(REST)
    assert state(keybound) == "unapproved"
    for act in LATER:
        done = keybound(*act, given=b"other\n")
        assert done.returncode == 0, (act, done.stderr)
        assert new in parent.read_text()
        assert state(keybound) == "unapproved", act
        assert CANARY.decode() not in released(keybound).values()
    parent.write_text(parent.read_text().replace(new, old))
    time.sleep(REST)
    assert state(keybound) == "active"
    assert released(keybound)["GITHUB_TOKEN"] == CANARY.decode()


def test_plain_variables_are_withheld_and_stay_so(keybound: Run, parent: Path) -> None:
    parent.write_text(parent.read_text().replace('REGION = "eu"', 'REGION = "us"\nENDPOINT = "evil"'))
    for act in (("list",), *LATER):
        assert keybound(*act, given=b"other\n").returncode == 0
        assert released(keybound) == {"GITHUB_TOKEN": CANARY.decode(), "OTHER": "other"}, act
    assert keybound("approve", "child", "--yes").returncode == 0
    assert released(keybound)["ENDPOINT"] == "evil"
