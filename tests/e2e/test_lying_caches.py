"""Whatever cache, watcher or clock says: a release reads for itself."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.staging import CANARY, REST, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
KEYBOUND = str(Path(sys.executable).with_name("keybound"))


def state_files(home: Path) -> list[Path]:
    return sorted((home / ".local" / "state" / "keybound").glob("state.db*"))


def withheld(keybound: Run, **more: str) -> "subprocess.CompletedProcess[bytes]":
    done = keybound("env", "staging", "--shell", "bash", more=more)
    assert (done.returncode, done.stdout) == (1, b""), done.stderr
    assert b"staging/github is withheld" in done.stderr
    return done


@pytest.mark.parametrize("expired_before", [True, False])
def test_a_state_rolled_back_releases_nothing(keybound: Run, profiles: Path, home: Path, expired_before: bool) -> None:
    furnish(keybound, profiles, home)
    assert CANARY in keybound("env", "staging", "--shell", "bash").stdout
    older = {path: path.read_bytes() for path in state_files(home)}
    (home / "kube.yaml").write_text("current-context: prod\n")
    time.sleep(REST)
    if expired_before:
        keybound("list")
        (home / "kube.yaml").write_text("current-context: staging\n")
    for path in state_files(home):
        path.unlink()
    for path, data in older.items():
        path.write_bytes(data)
    withheld(keybound)


def test_a_state_deleted_releases_nothing(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    (home / "kube.yaml").write_text("current-context: prod\n")
    for path in state_files(home):
        path.unlink()
    withheld(keybound)
    for path in state_files(home):
        path.unlink()
    (home / "kube.yaml").write_text("current-context: staging\n")
    withheld(keybound)


@pytest.fixture
def watcher(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> "Iterator[subprocess.Popen[bytes]]":
    furnish(keybound, profiles, home)
    child = subprocess.Popen([KEYBOUND, "watch"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout is not None
    assert b"active" in child.stdout.readline()
    yield child
    child.kill()
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_watcher_is_not_missed(
    keybound: Run, home: Path, watcher: "subprocess.Popen[bytes]", fate: signal.Signals
) -> None:
    os.kill(watcher.pid, fate)
    (home / "kube.yaml").write_text("current-context: prod\n")
    withheld(keybound)


@pytest.mark.parametrize("moved", ["file", "profile"])
def test_what_changes_during_the_release_counts(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, moved: str
) -> None:
    """The command that opens the store runs between the reading of the definition and that of the keys."""
    furnish(keybound, profiles, home)
    assert keybound("lock").returncode == 0
    change = {
        "file": f"echo 'current-context: prod' > {home}/kube.yaml",
        "profile": f"sed -i 's/beta_writes = false /beta_writes = true /' {profiles}/staging.toml",
    }[moved]
    command = tmp_path / "passphrase.sh"
    command.write_text(f"#!/bin/sh\n{change}\ntouch {tmp_path}/ran\ncat {environ['KEYBOUND_PASSWORD_FILE']}\n")
    command.chmod(0o700)
    done = withheld(keybound, KEYBOUND_PASSWORD_FILE="", KEYBOUND_PASSWORD_COMMAND=str(command))
    assert (tmp_path / "ran").exists()
    assert b"expired" in done.stderr
    events = [json.loads(line)["kind"] for line in keybound("log", "--json").stdout.splitlines()]
    assert "released" not in events
