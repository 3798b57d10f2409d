"""A release on a proof: taken only while every input is what it was; a forged, moved or stale proof releases nothing more."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.stores.age_file import AgeFileStore
from keybound.stores.base import SecretStore
from keybound.stores.home_tag import home_tag
from support.envelopes import GITHUB, edited, text_of
from support.secret_service import Bus
from support.staging import CANARY, REST, Run

on_the_keyring = pytest.mark.parametrize("store", ["keyring"], indirect=True)


def value(run: Run, **more: str) -> bytes:
    return run("exec", "--", "printenv", "GITHUB_TOKEN", more=more).stdout.strip()


def quick(run: Run, *arguments: str, **more: str) -> bool:
    """Whether the proof was enough: the guard was not loaded."""
    done = run(*(arguments or ("exec", "--", "true")), more={**more, "PYTHONPROFILEIMPORTTIME": "1"})
    return b"keybound.domain.guard" not in done.stderr


def test_the_second_release_is_quick_and_journaled_and_the_chain_holds(run: Run, proved: Path) -> None:
    before = len(run("log", "--json").stdout.splitlines())
    assert quick(run)
    assert quick(run, "env", "--shell", "bash")
    assert quick(run, "exec", "staging", "--", "true")
    assert value(run) == CANARY
    assert run("env", "--shell", "bash").stdout == b"export GITHUB_TOKEN='" + CANARY + b"'\n"
    events = [json.loads(line) for line in run("log", "--json").stdout.splitlines()]
    assert [event["kind"] for event in events[before:]] == ["released"] * 5
    assert events[-1]["by"]["program"] == "env --shell bash"
    assert run("log", "--verify").returncode == 0


def test_it_is_not_taken_for_another_folder_program_or_way_of_asking(run: Run, proved: Path) -> None:
    assert not quick(run, "exec", "--only", "github", "--", "true")
    assert not quick(run, "exec", "default", "--", "true")
    assert not quick(run, HOME="/nowhere")


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
    run: Run, proved: Path, profiles: Path, home: Path, change: str
) -> None:
    CHANGES[change](run, profiles, home)
    time.sleep(REST)
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert CANARY not in done.stdout
    assert run("env", "--shell", "bash").stdout == b""


def test_a_context_key_counts_for_this_asker_now(run: Run, proved: Path) -> None:
    assert value(run, AWS_PROFILE="prod") == b""
    assert value(run) == CANARY
    assert quick(run)  # the other asker took nothing away


def test_the_same_content_written_again_stays_quick_and_a_looser_mode_does_not(
    run: Run, proved: Path, home: Path
) -> None:
    (home / "kube.yaml").write_text((home / "kube.yaml").read_text())
    assert quick(run)
    (home / "kube.yaml").chmod(0o666)
    assert not quick(run)


def test_a_forged_proof_releases_nothing(run: Run, proved: Path, profiles: Path) -> None:
    """Whoever can write the state but not open the keyring: marks of the new file put in place of the old ones."""
    from keybound.custody.proof import file_mark

    flag(profiles)
    time.sleep(REST)
    body, macs = proved.read_text().splitlines()
    fields = json.loads(body)
    path = str(profiles / "staging.toml")
    assert path in fields["files"]
    fields["files"][path] = file_mark(path)
    proved.write_text(json.dumps(fields, separators=(",", ":")) + "\n" + macs + "\n")
    assert CANARY not in run("exec", "--", "printenv", "GITHUB_TOKEN").stdout


@pytest.mark.parametrize(
    "junk", [b"", b"\n", b"{}\n{}\n", b"\xff\n{}\n", b"[]\n[]\n", b'{"home":1}\n{}\n', b"[" * 5000 + b"\n{}\n"]
)
def test_a_broken_proof_is_passed_over(run: Run, proved: Path, junk: bytes) -> None:
    proved.write_bytes(junk)
    assert value(run) == CANARY
    assert quick(run)  # and made anew


def test_an_envelope_that_somebody_else_has_changed(
    run: Run, proved: Path, whole: dict[str, str], home: Path, store: str, request: pytest.FixtureRequest
) -> None:
    """Under the same key, and without a sign in the state."""
    tag = home_tag(str(home / ".config/keybound"))
    file = AgeFileStore(str(home / ".local/share/keybound/store"), tag, whole)
    kept: SecretStore = file if store == "file" else request.getfixturevalue("bus").store(tag)
    sticky = {"state": "expired", "why": "by another's hand", "at": "2026-01-01T00:00:00+00:00"}
    kept.write(GITHUB, edited(text_of(kept, GITHUB), sticky=sticky))
    assert CANARY not in run("exec", "--", "printenv", "GITHUB_TOKEN").stdout


@on_the_keyring
def test_an_envelope_put_back_by_hand_is_refused(run: Run, proved: Path, bus: Bus) -> None:
    """The store holds an older copy again, and the proof of that time with it."""
    text, address = proved.read_bytes(), {"env": {**os.environ, **bus.environ}, "check": True, "capture_output": True}
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
    proved.parent.mkdir(exist_ok=True)
    proved.write_bytes(text)
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert CANARY not in done.stdout
    assert b"older copy" in done.stderr


def run_search(lookup: list[str], address: dict[str, object]) -> str:
    done = subprocess.run(lookup, **address)  # type: ignore[call-overload]
    return str((done.stdout + done.stderr).decode())


def test_a_journal_that_cannot_be_written_releases_nothing(run: Run, proved: Path) -> None:
    journal = proved.parent.parent / "journal"
    for file in journal.glob("*.jsonl"):
        file.rename(file.with_suffix(".moved"))
        file.mkdir()
    done = run("exec", "--", "printenv", "GITHUB_TOKEN")
    assert (done.returncode, done.stdout) == (3, b"")


def test_a_torn_journal_is_mended_by_the_full_protocol(run: Run, proved: Path) -> None:
    (month,) = (proved.parent.parent / "journal").glob("*.jsonl")
    with month.open("ab") as file:
        file.write(b'{"seq": 1')
    assert value(run) == CANARY
    assert run("log", "--verify").returncode == 0


@on_the_keyring
def test_a_locked_or_dead_keyring_is_exit_3_within_seconds(run: Run, proved: Path, bus: Bus) -> None:
    assert run("lock").returncode == 0
    begun = time.monotonic()
    done = run("exec", "--", "true")
    assert done.returncode == 3, done.stderr
    bus.unlock()
    assert value(run) == CANARY
    bus.close()
    assert run("exec", "--", "true").returncode == 3
    assert time.monotonic() - begun < 20


def test_an_unfinished_change_is_completed_first(run: Run, proved: Path) -> None:
    (proved.parent.parent / "unfinished.json").write_text("{}")
    assert not quick(run)
    assert quick(run)


def test_a_quick_release_counts_as_the_last_one(run: Run, proved: Path) -> None:
    first = json.loads(run("list", "--profile", "staging", "--json").stdout)[0]["last_released"]
    time.sleep(1.1)
    assert quick(run)
    second = json.loads(run("list", "--profile", "staging", "--json").stdout)[0]["last_released"]
    assert second > first
