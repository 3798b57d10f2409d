"""A profile, a local file and a bound token, as the end-to-end tests begin."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("keybound"))
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
CANARY = b"canary-4f1c-do-not-leak"
PROFILE = """schema = 1
description = "Staging"   # kept

[flags]
beta_writes = false   # kept too

[files]
kube = "~/kube.yaml"
"""
REST = 0.4  # a little more than the 300 ms that a file must rest


def furnish(keybound: Run, profiles: Path, home: Path) -> None:
    """Make the profile `staging`, its file, and the token staging/github bound to both."""
    assert keybound("init").returncode == 0
    (profiles / "staging.toml").write_text(PROFILE)
    (home / "kube.yaml").write_text("current-context: staging\n")
    time.sleep(REST)
    done = keybound(
        "add", "staging/github", "--env", "GITHUB_TOKEN",
        "--bind", "flags.beta_writes equals=false",
        "--bind", 'file:kube#current-context one_of=["staging", "dev"]',
        given=CANARY + b"\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def furnish_with_expired(keybound: Run, profiles: Path, home: Path) -> None:
    """And staging/old, which has expired."""
    furnish(keybound, profiles, home)
    assert keybound("add", "staging/old", "--env", "OLD", given=b"of the old one\n").returncode == 0
    assert keybound("expire", "staging/old", "--yes").returncode == 0


def released(home: Path) -> int:
    """How many releases the journal has."""
    journal = home / ".local" / "state" / "keybound" / "journal"
    return sum(path.read_text().count('"released"') for path in journal.glob("*.jsonl"))
