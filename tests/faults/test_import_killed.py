"""SIGKILL at every write of an import and of its undo: the secret is in the file or in the store, and the next run ends it."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.staging import COMMAND, Run

SECRET = "x7Gq2LmZ9vB4tRwK8nYc"
BEFORE = f"https://octo:{SECRET}@git.example.com:8443\n# mine\n"
CONFIGURED = "[user]\n\tname = octo\n"
KILLER = """
import os, signal, sys
from keybound.cli.main import main

left, sys.argv[0] = int(sys.argv[2]), sys.argv[1]  # helpers name the program that made them

def hook(event, arguments):
    global left
    if event in ("os.rename", "os.remove", "os.link", "os.chmod", "subprocess.Popen"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def stored(keybound: Run, home: Path) -> Path:
    """A file of git's, in a home that is ready for an import."""
    needed("git")
    (home / ".gitconfig").write_text(CONFIGURED)
    path = home / ".git-credentials"
    path.write_text(BEFORE)
    assert keybound("init").returncode == 0
    return path


def killed(environ: dict[str, str], at: int, *arguments: str) -> bool:
    """Whether it came to that many writes, and was killed there; else it is done."""
    command = [sys.executable, "-c", KILLER, COMMAND, str(at), *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def in_clear(home: Path) -> list[Path]:
    """The files that hold the secret."""
    return [path for path in home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def configured(home: Path) -> str:
    """What git's configuration says, without sections that are empty."""
    return re.sub(r"\[credential [^]]*\]\n(?!\t)", "", (home / ".gitconfig").read_text())


def moments(environ: dict[str, str], home: Path, *arguments: str) -> Iterator[int]:
    """Kill a command at each of its writes, every time in the same home; pause after each."""
    kept = home.with_name("kept")
    shutil.copytree(home, kept, symlinks=True)
    at = 1
    while killed(environ, at, *arguments):
        yield at
        shutil.rmtree(home)
        shutil.copytree(kept, home, symlinks=True)
        at += 1


def test_an_import(keybound: Run, environ: dict[str, str], stored: Path, home: Path) -> None:
    number = 0
    for number in moments(environ, home, "import", str(stored), "--yes", "--replace"):
        assert in_clear(home) == ([stored] if stored.read_text() == BEFORE else []), number
        done = keybound("import", str(stored), "--yes", "--replace")
        assert done.returncode == 0, (number, done.stderr)
        assert (in_clear(home), stored.read_text()) == ([], "# mine\n")
        assert configured(home).count("helper = !") == 1
        assert SECRET.encode() in keybound("exec", "--", "env").stdout
        assert keybound("import", "--undo", str(stored)).returncode == 0
        assert (stored.read_text(), configured(home)) == (BEFORE, CONFIGURED), number
    assert number > 10


def test_its_undo(keybound: Run, environ: dict[str, str], stored: Path, home: Path) -> None:
    assert keybound("import", str(stored), "--yes", "--replace").returncode == 0
    number = 0
    for number in moments(environ, home, "import", "--undo", str(stored)):
        assert stored.read_text() in (BEFORE, "# mine\n")
        assert keybound("import", "--undo", str(stored)).returncode == 0
        assert (stored.read_text(), configured(home)) == (BEFORE, CONFIGURED), number
    assert number > 3
