"""A process that may hold a secret shows its memory to nobody; the programs that it starts are as they ever were."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.staging import Run, furnish

_THEN_ASKED = """
import ctypes, sys
from keybound.cli.main import main

status = main(sys.argv[1:])
print(f"dumpable={ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}", file=sys.stderr)
sys.exit(status)
"""
_ASKS = "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


@pytest.fixture
def furnished(keybound: Run, profiles: Path, home: Path) -> Run:
    furnish(keybound, profiles, home)
    return keybound


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("env", "staging", "--shell", "json"),
        ("refresh", "staging/github"),
        ("add", "staging/other", "--env", "OTHER"),
        ("exec", "staging", "--mask", "--", "true"),
        ("status",),
        ("store", "rekey"),
        ("watch", "--once"),
    ],
)
def test_it_is_not_dumpable(furnished: Run, environ: dict[str, str], words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _THEN_ASKED, *words], env=environ, input=b"a secret\n", capture_output=True, check=False
    )
    assert b"dumpable=0" in done.stderr, done.stderr


def test_help_needs_no_such_thing(environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _THEN_ASKED, "--version"], env=environ, capture_output=True, check=True
    )
    assert b"dumpable=1" in done.stderr


@pytest.mark.parametrize("more", [[], ["--mask"]])
def test_a_command_is_as_it_ever_was(furnished: Run, more: list[str]) -> None:
    done = furnished("exec", "staging", *more, "--", sys.executable, "-c", _ASKS)
    assert done.stdout.strip() == b"1", done.stderr
