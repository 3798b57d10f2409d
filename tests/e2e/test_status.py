"""status: the store, the profile in use and why, what this shell holds, what asks for its owner, hook and watch."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from support.staging import COMMAND, Run, furnish


def status(keybound: Run, **more: str) -> dict[str, Any]:
    done = keybound("status", "--json", more=more)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return profiles / "staging.toml"


def test_before_init_it_says_what_to_do(keybound: Run) -> None:
    found = status(keybound, KEYBOUND_STORE="")
    assert found["store"] == {"kind": None, "status": "none", "reason": "no store is chosen yet: keybound init"}
    assert (found["profile"], found["why"]) == (None, "no profile is in use")
    assert b"keybound init" in keybound("status", more={"KEYBOUND_STORE": ""}).stdout


def test_all_is_well(keybound: Run, staging: Path) -> None:
    assert status(keybound) == {
        "store": {"kind": "file", "status": "open", "reason": ""},
        "profile": "staging",
        "why": "the active profile",
        "held": [],
        "attention": [],
        "hook": None,
        "watch": False,
        "watcher": None,
        "alerts": 0,
        "backup": {"at": None, "tokens": 0, "missing": 1},
    }
    assert status(keybound, KEYBOUND_PROFILE="default")["why"] == "this shell's pin"
    assert b"nothing needs attention" in keybound("status").stdout


def test_what_asks_for_its_owner(keybound: Run, staging: Path, profiles: Path) -> None:
    staging.write_text(staging.read_text().replace("false   #", "true   #") + '[env]\nA = "b"\n')
    (profiles / "broken.toml").write_text("schema = 2\n")
    time.sleep(0.4)
    found = {one["id"]: (one["state"], one["why"]) for one in status(keybound)["attention"]}
    assert found["staging/github"] == ("expired", "flags.beta_writes is true, bound to false")
    assert found["staging"] == ("unapproved", "[env] is not approved: keybound approve staging")
    assert found["broken"][0] is None
    assert "broken.toml:1:1" in found["broken"][1]
    said = keybound("status").stdout.decode()
    assert "× staging/github  expired  flags.beta_writes is true" in said


def test_a_locked_store_is_said_with_what_is_known(keybound: Run, staging: Path) -> None:
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    keybound("list")
    keybound("lock")
    found = status(keybound, KEYBOUND_PASSWORD_FILE="")
    assert found["store"]["status"] == "locked"
    assert "keybound unlock" in found["store"]["reason"]
    assert [(one["id"], one["state"]) for one in found["attention"]] == [("staging/github", "expired")]


def test_what_a_shell_holds(keybound: Run, staging: Path) -> None:
    done = keybound("exec", "staging", "--", COMMAND, "status", "--json")
    assert json.loads(done.stdout)["held"] == [{"variable": "GITHUB_TOKEN", "token": "staging/github"}]


def test_a_hooked_shell_is_seen(staging: Path, environ: dict[str, str], tmp_path: Path) -> None:
    script = 'eval "$(keybound hook bash)"\n_keybound_hook\nkeybound status --json\n:'
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=environ, cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    found = json.loads(done.stdout)
    assert found["hook"] == "bash"
    assert found["held"] == [{"variable": "GITHUB_TOKEN", "token": "staging/github"}]


def test_a_watcher_is_seen(keybound: Run, staging: Path, environ: dict[str, str]) -> None:
    watcher = subprocess.Popen([COMMAND, "watch"], env=environ, stdout=subprocess.PIPE)
    try:
        assert watcher.stdout is not None
        assert b"staging/github" in watcher.stdout.readline()
        until = time.monotonic() + 10
        while not status(keybound)["watch"] and time.monotonic() < until:
            time.sleep(0.1)
        assert status(keybound)["watch"] is True
        assert status(keybound)["watcher"] == "watch"
    finally:
        watcher.terminate()
        watcher.communicate(timeout=10)
    assert status(keybound)["watch"] is False
