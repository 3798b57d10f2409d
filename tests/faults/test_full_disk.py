"""A full disk at add, expire and release: nothing is released, nothing lost, and the line says what to do."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.full_disk import fails_until_there_is_room
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
KEYBOUND = str(Path(sys.executable).with_name("keybound"))


def states(keybound: Run) -> dict[str, str]:
    done = keybound("list", "--json")
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


def test_release(keybound: Run, disk: Path, profiles: Path) -> None:
    furnish(keybound, profiles, disk)
    for _ in fails_until_there_is_room(disk, lambda: keybound("env", "staging", "--shell", "bash")):
        assert states(keybound) == {"staging/github": "active"}
    assert keybound("log", "--verify").returncode == 0


def test_expire(keybound: Run, disk: Path, profiles: Path) -> None:
    furnish(keybound, profiles, disk)
    for _ in fails_until_there_is_room(disk, lambda: keybound("expire", "staging/github", "--yes")):
        assert states(keybound)["staging/github"] in ("active", "expired")
    assert states(keybound) == {"staging/github": "expired"}
    assert keybound("log", "--verify").returncode == 0


def test_add(keybound: Run, disk: Path, profiles: Path) -> None:
    furnish(keybound, profiles, disk)
    text = (profiles / "staging.toml").read_text()

    def act() -> "subprocess.CompletedProcess[bytes]":
        return keybound("add", "staging/new", "--env", "NEW", given=b"second\n")

    for _ in fails_until_there_is_room(disk, act):
        found = states(keybound).get("staging/new")
        assert found in (None, "active")
        assert (text == (profiles / "staging.toml").read_text()) is (found is None)
    given = keybound("env", "staging", "--shell", "json")
    assert json.loads(given.stdout) == {"GITHUB_TOKEN": CANARY.decode(), "NEW": "second"}
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize(
    "act",
    [("env", "staging", "--shell", "bash"), ("expire", "staging/github", "--yes"), ("add", "staging/n", "--env", "N")],
)
def test_where_no_file_may_grow(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, act: tuple[str, ...]
) -> None:
    furnish(keybound, profiles, home)
    text = (profiles / "staging.toml").read_text()
    done = subprocess.run(
        [KEYBOUND, *act], env=environ, input=b"second\n", capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, b""), done.stderr
    assert b"Traceback" not in done.stderr
    assert (profiles / "staging.toml").read_text() == text
    assert states(keybound) == {"staging/github": "active"}
