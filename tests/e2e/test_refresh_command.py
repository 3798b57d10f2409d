"""Refresh by an approved command: by hand, as a reaction, one process at a time, and only the program that was approved."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from support.staging import REST, Run

PROFILE = """schema = 1

[flags]
beta = false

[settings]
region = "eu"

[tokens.t]
env = "T"
refresh = {{ command = ["./mint", "staging"], timeout = "{timeout}" }}

[tokens.t.bound]
"flags.beta" = {{ unchanged = true, outside = "refresh" }}
"settings.region" = {{ equals = "eu", outside = "refresh" }}
"""
MINT = '#!/bin/sh\necho run >> "$HOME/runs"\nsleep ${{SLOW:-0}}\necho "minted-$(wc -l < "$HOME/runs")"\n'


@pytest.fixture
def minted(keybound: Run, profiles: Path) -> Path:
    """A profile whose token is minted by a script beside it."""
    assert keybound("init").returncode == 0
    mint(profiles, MINT.format())
    (profiles / "p.toml").write_text(PROFILE.format(timeout="5s"))
    time.sleep(REST)
    assert keybound("add", "p/t", given=b"first\n").returncode == 0
    return profiles


def mint(profiles: Path, text: str) -> None:
    (profiles / "mint").write_text(text)
    (profiles / "mint").chmod(0o700)


def value(keybound: Run) -> str:
    done = keybound("env", "p", "--shell", "json")
    return str(json.loads(done.stdout or b"{}").get("T", "")) if done.returncode == 0 else done.stderr.decode()


def move(profiles: Path, old: str, new: str) -> None:
    text = (profiles / "p.toml").read_text()
    assert old in text
    (profiles / "p.toml").write_text(text.replace(old, new))
    time.sleep(REST)


def test_refresh_runs_the_command_and_journals_the_program_without_its_arguments(keybound: Run, minted: Path) -> None:
    assert b"new secret from its command" in keybound("refresh", "p/t").stdout
    assert value(keybound) == "minted-1"
    events = [json.loads(line) for line in keybound("log", "--json").stdout.splitlines()]
    (event,) = [one for one in events if one["kind"] == "refreshed"]
    assert event["detail"]["program"] == str(minted / "mint")
    assert event["detail"]["arguments"] == 1
    assert b"staging" not in keybound("log", "--json").stdout.replace(str(minted).encode(), b"")


def test_by_hand_takes_standard_input_although_there_is_a_command(keybound: Run, minted: Path) -> None:
    assert keybound("refresh", "p/t", "--by-hand", given=b"mine\n").returncode == 0
    assert value(keybound) == "mine"


def test_a_program_that_changed_is_not_run_until_approved_and_the_token_stays(
    keybound: Run, minted: Path, home: Path
) -> None:
    mint(minted, "#!/bin/sh\necho evil\n")
    done = keybound("refresh", "p/t")
    assert done.returncode == 1
    assert b"not the program that was approved" in done.stderr
    assert value(keybound) == "first"
    assert keybound("approve", "p/t", "--yes").returncode == 0
    assert keybound("refresh", "p/t").returncode == 0
    assert value(keybound) == "evil"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("#!/bin/sh\nexit 3\n", b"failed with status 3"),
        ("#!/bin/sh\n", b"printed nothing"),
        ("#!/bin/sh\nprintf 'a\\033[2Jb'\n", b"control characters"),
        ("#!/bin/sh\nhead -c 70000 /dev/zero | tr '\\0' a\n", b"more than 64 KiB"),
        ("#!/bin/sh\nsleep 60 & sleep 60\n", b"did not finish within 1 s"),
        ("#!/nowhere\n", b"cannot be started"),
    ],
)
def test_a_command_that_goes_wrong_changes_nothing(keybound: Run, profiles: Path, script: str, why: bytes) -> None:
    keybound("init")
    mint(profiles, script)
    (profiles / "p.toml").write_text(PROFILE.format(timeout="1s"))
    time.sleep(REST)
    assert keybound("add", "p/t", given=b"first\n").returncode == 0
    done = keybound("refresh", "p/t")
    assert done.returncode == 1
    assert why in done.stderr
    assert value(keybound) == "first"


def test_it_runs_in_its_own_folder_with_a_small_environment(keybound: Run, profiles: Path) -> None:
    keybound("init")
    mint(profiles, '#!/bin/sh\necho "$(pwd)|${CANARY-none}|${WANTED-none}|${KEYBOUND_PASSWORD_FILE-none}"\n')
    text = PROFILE.format(timeout="5s").replace('timeout = "5s"', 'timeout = "5s", inputs = ["WANTED"]')
    (profiles / "p.toml").write_text(text)
    time.sleep(REST)
    keybound("add", "p/t", given=b"first\n")
    keybound("refresh", "p/t", more={"CANARY": "x", "WANTED": "w"})
    assert value(keybound) == f"{profiles}|none|w|none"


def test_the_reaction_refreshes_once_and_takes_the_present_reading(keybound: Run, minted: Path) -> None:
    move(minted, "beta = false", "beta = true")
    listed = json.loads(keybound("list", "--json").stdout)[0]
    assert listed["state"] == "suspended"  # a look without a right to run commands
    done = keybound("env", "p", "--shell", "json")
    assert json.loads(done.stdout) == {"T": "minted-1"}
    assert b"refreshed: flags.beta" in done.stderr
    assert value(keybound) == "minted-1"
    assert json.loads(keybound("list", "--json").stdout)[0]["state"] == "active"


def test_what_a_refresh_does_not_mend_expires(keybound: Run, minted: Path) -> None:
    move(minted, 'region = "eu"', 'region = "us"')
    assert "still outside after a refresh" in value(keybound)
    move(minted, 'region = "us"', 'region = "eu"')
    assert "withheld (expired)" in value(keybound)  # reverting does not revive


def test_a_failing_reaction_expires_the_token(keybound: Run, minted: Path) -> None:
    (minted / "mint").unlink()
    move(minted, "beta = false", "beta = true")
    assert "withheld (expired)" in value(keybound)
    move(minted, "beta = true", "beta = false")
    assert "withheld (expired)" in value(keybound)


def test_ten_at_once_run_the_command_once(keybound: Run, minted: Path, home: Path, environ: dict[str, str]) -> None:
    mint(minted, MINT.format().replace("${SLOW:-0}", "1"))
    assert keybound("approve", "p/t", "--yes").returncode == 0
    move(minted, "beta = false", "beta = true")
    command = ["keybound", "env", "p", "--shell", "json"]
    children = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)
    ]
    answers = [child.communicate(timeout=60) for child in children]
    assert [json.loads(out) for out, _ in answers] == [{"T": "minted-1"}] * 6, answers
    assert (home / "runs").read_text() == "run\n"


def test_wipe_erases_the_secret_and_refresh_brings_a_new_one(keybound: Run, minted: Path, home: Path) -> None:
    text = (minted / "p.toml").read_text().replace('env = "T"\n', 'env = "T"\nwipe = true\n')
    (minted / "p.toml").write_text(text)
    time.sleep(REST)
    keybound("approve", "p/t", "--yes")
    assert keybound("expire", "p/t", "--yes").returncode == 0
    assert keybound("approve", "p/t", "--yes").returncode == 1  # there is nothing left to approve
    assert keybound("refresh", "p/t").returncode == 0
    assert value(keybound) == "minted-1"
