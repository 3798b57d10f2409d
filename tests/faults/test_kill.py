"""SIGKILL at each step of add, expire and remove, as the code itself lists the steps: old or new, whole, never in between."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.custody.transaction import STEPS
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
KILLER = """
import os, signal, sys
from keybound.custody import transaction
from keybound.cli.main import main

target, nth = sys.argv[1], int(sys.argv[2])
seen = 0

def at_step(step):
    global seen
    seen += step == target
    if step == target and seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)

transaction.at_step = at_step
sys.exit(main(sys.argv[3:]))
"""


def killed(environ: dict[str, str], step: str, nth: int, *arguments: str, given: bytes = b"") -> int:
    command = [sys.executable, "-c", KILLER, step, str(nth), *arguments]
    return subprocess.run(command, env=environ, input=given, capture_output=True, check=False, timeout=60).returncode


def states(keybound: Run) -> dict[str, str]:
    done = keybound("list", "--json")
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


@pytest.mark.parametrize("step", STEPS)
def test_add(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    # The first change is the profile's text, the second the envelope.
    for nth in (1, 2):
        name = f"staging/new{nth}"
        status = killed(environ, step, nth, "add", name, "--env", f"NEW{nth}", given=b"second secret\n")
        assert status == -signal.SIGKILL
        after = keybound("env", "staging", "--shell", "json")
        assert states(keybound).get(name, "missing") in ("missing", "active")
        assert json.loads(after.stdout)["GITHUB_TOKEN"] == CANARY.decode()
        if states(keybound).get(name) == "active":
            released = json.loads(keybound("env", "staging", "--shell", "json").stdout)
            assert released[f"NEW{nth}"] == "second secret"
        else:
            assert keybound("add", name, "--env", f"NEW{nth}", given=b"second secret\n").returncode == 0
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_expire(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    assert killed(environ, step, 1, "expire", "staging/github", "--yes") == -signal.SIGKILL
    found = states(keybound)["staging/github"]  # the first look completes or undoes it
    given = keybound("env", "staging", "--shell", "bash")
    assert found == ("active" if step in ("intent", "texts") else "expired")
    assert (CANARY in given.stdout) is (found == "active")
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_remove(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str) -> None:
    furnish(keybound, profiles, home)
    assert killed(environ, step, 1, "remove", "staging/github", "--yes") == -signal.SIGKILL
    keybound("env", "staging", "--shell", "bash")
    gone = step not in ("intent", "texts")
    assert ("staging/github" not in states(keybound)) is gone
    assert ("[tokens.github]" not in (profiles / "staging.toml").read_text()) is gone


def test_the_killer_would_notice(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> None:
    """A step that the code never reaches kills nothing: the tests above can fail."""
    furnish(keybound, profiles, home)
    assert killed(environ, "no such step", 1, "expire", "staging/github", "--yes") == 0
    assert os.path.exists(profiles)
