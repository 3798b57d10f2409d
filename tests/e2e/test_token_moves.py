"""token rename, move, copy: secret, approval and expiry go along; nobody else loses anything; refused changes nothing."""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from support.staging import CANARY, Run, furnish


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    path = profiles / "staging.toml"
    text = path.read_text().replace("[tokens.github]", "# the one for CI\n[tokens.github]   # mine")
    path.write_text(text + '\n[[expect]]\nwhen = { "flags.beta_writes" = true }\nthen = { github = "expired" }\n')
    (profiles / "prod.toml").write_text("schema = 1\n[flags]\nbeta_writes = false\n")
    time.sleep(0.4)
    assert b"active" in keybound("list", "--profile", "staging").stdout
    return path


def rows(keybound: Run) -> dict[str, Any]:
    return {one["id"]: one["state"] for one in json.loads(keybound("list", "--json").stdout)}


def secret(keybound: Run, profile: str) -> bytes:
    return keybound("exec", profile, "--", "printenv", "GITHUB_TOKEN").stdout.strip()


def test_rename(keybound: Run, staging: Path) -> None:
    done = keybound("token", "rename", "staging/github", "gh.ci")
    assert (done.returncode, done.stdout) == (0, b"staging/github is now staging/gh.ci\n"), done.stderr
    assert rows(keybound) == {"staging/gh.ci": "active"}
    assert secret(keybound, "staging") == CANARY
    text = staging.read_text()
    assert '# the one for CI\n[tokens."gh.ci"]   # mine' in text
    assert tomllib.loads(text)["expect"][0]["then"] == {"gh.ci": "expired"}
    assert keybound("check", "staging").returncode == 0
    assert keybound("token", "rename", "staging/gh.ci", "github").returncode == 0
    assert rows(keybound) == {"staging/github": "active"}
    assert keybound("log", "--verify").returncode == 0


def test_move_takes_the_file_along(keybound: Run, staging: Path, profiles: Path) -> None:
    done = keybound("token", "move", "staging/github", "prod")
    assert (done.returncode, done.stdout) == (0, b"staging/github is now prod/github\n"), done.stderr
    assert rows(keybound) == {"prod/github": "active"}
    assert secret(keybound, "prod") == CANARY
    moved = tomllib.loads((profiles / "prod.toml").read_text())
    assert moved["files"] == {"kube": "~/kube.yaml"}
    assert "# mine" in (profiles / "prod.toml").read_text()
    assert "github" not in tomllib.loads(staging.read_text()).get("tokens", {})


def test_copy_is_a_token_of_its_own(keybound: Run, staging: Path) -> None:
    assert keybound("token", "copy", "staging/github", "prod/gh").returncode == 0
    assert rows(keybound) == {"prod/gh": "active", "staging/github": "active"}
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    assert rows(keybound) == {"prod/gh": "active", "staging/github": "expired"}


def test_an_expiry_and_a_missing_approval_go_along(keybound: Run, staging: Path) -> None:
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    assert keybound("token", "rename", "staging/github", "gh").returncode == 0
    assert rows(keybound) == {"staging/gh": "expired"}
    assert keybound("approve", "staging/gh", "--yes").returncode == 0
    staging.write_text(staging.read_text().replace('"GITHUB_TOKEN"', '"GH_TOKEN"'))
    time.sleep(0.4)
    done = keybound("token", "copy", "staging/gh", "prod")
    assert b"prod/gh is unapproved" in done.stderr
    assert rows(keybound) == {"prod/gh": "unapproved", "staging/gh": "unapproved"}


def test_a_place_that_would_withhold_it_is_asked_about(keybound: Run, staging: Path, profiles: Path) -> None:
    prod = profiles / "prod.toml"
    prod.write_text("schema = 1\n[flags]\nbeta_writes = true\n")
    time.sleep(0.4)
    before = (staging.read_bytes(), prod.read_bytes())
    done = keybound("token", "move", "staging/github", "prod")
    assert done.returncode == 1
    assert b"prod/github would expire at once" in done.stderr
    assert (staging.read_bytes(), prod.read_bytes()) == before
    assert rows(keybound) == {"staging/github": "active"}


def test_what_cannot_go_changes_nothing(keybound: Run, staging: Path, profiles: Path) -> None:
    (profiles / "child.toml").write_text('schema = 1\nextends = "staging"\n')
    time.sleep(0.4)
    assert keybound("add", "child/github", given=b"s").returncode == 0
    before = {path: path.read_bytes() for path in profiles.glob("*.toml")}
    states = rows(keybound)
    for words, status in [
        (("rename", "staging/github", "gh"), 1),  # child/github would lose its definition
        (("move", "child/github", "prod"), 1),  # it is defined in the parent
        (("copy", "staging/github", "staging/github"), 1),
        (("copy", "staging/nosuch", "prod"), 4),
        (("copy", "staging/github", "nosuch/a"), 4),
        (("rename", "staging/github", "A b"), 2),
    ]:
        assert keybound("token", *words).returncode == status, words
    assert {path: path.read_bytes() for path in profiles.glob("*.toml")} == before
    assert rows(keybound) == states
