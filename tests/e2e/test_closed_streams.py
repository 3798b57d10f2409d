"""Standard streams that are closed or full: one line and an exit status, never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.shells.starting import start_words

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
VERBS = ("list", "list --json", "log", "docs", "env --shell bash", "--version")


def shell(line: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["/bin/sh", "-c", line], env=environ, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def owner(environ: dict[str, str], keybound: Run) -> dict[str, str]:
    assert keybound("init").returncode == 0
    assert keybound("add", "default/one", "--env", "ONE", given=b"a-secret").returncode == 0
    return environ


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("verb", VERBS)
def test_output_that_cannot_be_printed_is_said(owner: dict[str, str], verb: str, unbuffered: str) -> None:
    environ = {**owner, "PYTHONUNBUFFERED": unbuffered}
    full = shell(f"keybound {verb} >/dev/full", environ)
    assert (full.returncode, full.stderr) == (
        1,
        "keybound: cannot write to standard output: no space left on device\n",
    )
    closed = shell(f"keybound {verb} >&-", environ)
    assert (closed.returncode, closed.stderr) == (1, "keybound: standard output is closed\n")


def test_the_exit_status_survives_a_closed_standard_error(owner: dict[str, str]) -> None:
    for where in ("2>&-", "2>/dev/full", "<&- >&- 2>&-"):
        assert shell(f"keybound show default/nope {where}", owner).returncode == 4
        assert shell(f"keybound frob {where}", owner).returncode == 2


def test_the_application_and_inject_without_standard_input(owner: dict[str, str]) -> None:
    done = shell("keybound <&-", owner)
    assert (done.returncode, done.stderr.partition("\n")[0]) == (2, "keybound: the application needs a terminal")
    done = shell("keybound inject <&-", owner)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_shell_that_is_gone_when_its_step_is_answered(owner: dict[str, str], keybound: Run, tmp_path: Path) -> None:
    step = f"{sys.executable} {start_words()} hook-step bash {tmp_path}/1-x"
    for _ in range(3):
        done = shell(f"{step} | true", owner)
        assert done.stderr in ("", "keybound: +ONE\n")
        done = shell(f"{step} >/dev/full", owner)
        assert done.stderr.startswith("keybound: cannot write to standard output: no space left on device\n")
        assert "Traceback" not in done.stderr
        assert keybound("exec", "--", "true").returncode == 0


def test_a_reader_that_leaves_ends_it_quietly(owner: dict[str, str]) -> None:
    for verb in VERBS:
        done = shell(f"keybound {verb} | true", owner)
        assert done.stderr == ""
