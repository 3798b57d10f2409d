"""A state folder that cannot be written any more: what a shell holds goes, in one line; the other commands say why."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.pane import pane
from support.programs_at_hand import needed
from support.staging import CANARY, REST, Run, furnish

_YOUNG = 5.2  # seconds until fish compares a file by its listed time alone


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as it is, not to be written."""
    bound = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(bound, capture_output=True, check=False).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_drops_what_it_holds(
    staging: Path, home: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    time.sleep(_YOUNG)
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        with read_only(home / ".local" / "state"):
            staging.write_text("current-context: prod\n")
            time.sleep(REST)
            assert "keybound: -GITHUB_TOKEN (" in term.do("true")
            assert term.variable("GITHUB_TOKEN") is None
            assert "Traceback" not in term.history()


@pytest.mark.parametrize(
    "arguments", [["list"], ["env", "staging", "--shell", "bash"], ["exec", "staging", "--", "true"]]
)
def test_a_command_says_why(keybound: Run, staging: Path, home: Path, arguments: list[str]) -> None:
    with read_only(home / ".local" / "state"):
        done = keybound(*arguments)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"keybound: ")
    assert b"Read-only file system" in done.stderr
    assert b"Traceback" not in done.stderr
