"""A release after a release, on either store: whatever moved in between is seen."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import SecretStore
from keybound.stores.keyring.home_tag import home_tag
from support.envelopes import GITHUB, edited, text_of
from support.secret_service import Bus
from support.staging import CANARY, REST, Run

on_the_keyring = pytest.mark.parametrize("store", ["keyring"], indirect=True)


def value(run: Run, **more: str) -> bytes:
    return run("exec", "--", "printenv", "GITHUB_TOKEN", more=more).stdout.strip()


def test_each_release_is_journaled_and_the_chain_holds(run: Run, staged: Path) -> None:
    before = len(run("log", "--json").stdout.splitlines())
    assert value(run) == CANARY
    assert run("env", "--shell", "bash").stdout == b"export GITHUB_TOKEN='" + CANARY + b"'\n"
    events = [json.loads(line) for line in run("log", "--json").stdout.splitlines()]
    assert [event["kind"] for event in events[before:]] == ["released"] * 2
    assert events[-1]["by"]["program"] == "env --shell bash"
    assert run("log", "--verify").returncode == 0


def flag(profiles: Path) -> None:
    text = (profiles / "staging.toml").read_text()
    (profiles / "staging.toml").write_text(text.replace("beta_writes = false", "beta_writes = true"))


CHANGES: dict[str, Callable[[Run, Path, Path], object]] = {
    "the profile": lambda run, profiles, home: flag(profiles),
    "a bound file": lambda run, profiles, home: (home / "kube.yaml").write_text("current-context: prod\n"),
    "a bound file is gone": lambda run, profiles, home: (home / "kube.yaml").unlink(),
    "the policy": lambda run, profiles, home: (profiles.parent / "policy.toml").write_text('outside = "warn"\n'),
    "an expiry": lambda run, profiles, home: run("expire", "staging/github", "--yes"),
    "a removal": lambda run, profiles, home: run("remove", "staging/github", "--yes"),
    "an unapproved edit": lambda run, profiles, home: (profiles / "staging.toml").write_text(
        (profiles / "staging.toml").read_text().replace('env = "GITHUB_TOKEN"', 'env = ["GITHUB_TOKEN", "B"]')
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_moves_is_seen_at_the_next_release(
    run: Run, staged: Path, profiles: Path, home: Path, change: str
) -> None:
    CHANGES[change](run, profiles, home)
    time.sleep(REST)
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert CANARY not in done.stdout
    assert run("env", "--shell", "bash").stdout == b""


def test_a_context_key_counts_for_this_asker_now(run: Run, staged: Path) -> None:
    assert value(run, AWS_PROFILE="prod") == b""
    assert value(run) == CANARY


def test_the_same_content_written_again_takes_nothing(run: Run, staged: Path, home: Path) -> None:
    (home / "kube.yaml").write_text((home / "kube.yaml").read_text())
    assert value(run) == CANARY


def test_an_envelope_that_somebody_else_has_changed(
    run: Run, staged: Path, whole: dict[str, str], home: Path, store: str, request: pytest.FixtureRequest
) -> None:
    """Under the same key, and without a sign in the state."""
    tag = home_tag(str(home / ".config/keybound"))
    file = AgeFileStore(str(home / ".local/share/keybound/store"), tag, whole)
    kept: SecretStore = file if store == "file" else request.getfixturevalue("bus").store(tag)
    sticky = {"state": "expired", "why": "by another's hand", "at": "2026-01-01T00:00:00+00:00"}
    kept.write(GITHUB, edited(text_of(kept, GITHUB), sticky=sticky))
    assert CANARY not in run("exec", "--", "printenv", "GITHUB_TOKEN").stdout


@on_the_keyring
def test_an_envelope_put_back_by_hand_is_refused(run: Run, staged: Path, bus: Bus) -> None:
    """The store holds an older copy again."""
    address = {"env": {**os.environ, **bus.environ}, "check": True, "capture_output": True}
    lookup = ["secret-tool", "search", "--unlock", "service", "keybound:staging/github"]
    shown = subprocess.run(lookup, **address).stdout.decode()  # type: ignore[call-overload]
    old = next(line.partition("= ")[2] for line in shown.splitlines() if line.startswith("secret = "))
    user = next(
        line.partition("= ")[2] for line in run_search(lookup, address).splitlines() if "attribute.username" in line
    )
    assert run("expire", "staging/github", "--yes").returncode == 0
    store = [
        "secret-tool", "store", "--label", "x", "application", "Python keyring library",
        "service", "keybound:staging/github", "username", user,
    ]  # fmt: skip
    subprocess.run(store, input=old.encode(), **address)  # type: ignore[call-overload]
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert CANARY not in done.stdout
    assert b"older copy" in done.stderr


def run_search(lookup: list[str], address: dict[str, object]) -> str:
    done = subprocess.run(lookup, **address)  # type: ignore[call-overload]
    return str((done.stdout + done.stderr).decode())


def test_a_journal_that_cannot_be_written_releases_nothing(run: Run, staged: Path) -> None:
    journal = staged / "journal"
    for file in journal.glob("*.jsonl"):
        file.rename(file.with_suffix(".moved"))
        file.mkdir()
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert (done.returncode, done.stdout) == (3, b"")


def test_a_torn_journal_is_mended(run: Run, staged: Path) -> None:
    (month,) = (staged / "journal").glob("*.jsonl")
    with month.open("ab") as file:
        file.write(b'{"seq": 1')
    assert value(run) == CANARY
    assert run("log", "--verify").returncode == 0


@on_the_keyring
def test_a_locked_or_dead_keyring_is_exit_3_within_seconds(run: Run, staged: Path, bus: Bus) -> None:
    assert run("lock").returncode == 0
    begun = time.monotonic()
    done = run("exec", "--", "true")
    assert done.returncode == 3, done.stderr
    bus.unlock()
    assert value(run) == CANARY
    bus.close()
    assert run("exec", "--", "true").returncode == 3
    assert time.monotonic() - begun < 20


def test_an_unfinished_change_is_completed_first(run: Run, staged: Path) -> None:
    (staged / "unfinished.json").write_text("{}")
    assert value(run) == CANARY
    assert not (staged / "unfinished.json").exists()


def test_a_release_counts_as_the_last_one(run: Run, staged: Path) -> None:
    first = json.loads(run("list", "--profile", "staging", "--json").stdout)[0]["last_released"]
    time.sleep(1.1)
    assert value(run) == CANARY
    second = json.loads(run("list", "--profile", "staging", "--json").stdout)[0]["last_released"]
    assert second > first
