"""A throw-away home for every test, on the file store; the installed command is run as users run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
COMMAND = str(Path(sys.executable).with_name("keybound"))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment that knows nothing of the machine's user."""
    password = tmp_path / "passphrase"
    password.write_text("correct horse\n")
    home = tmp_path / "home"
    home.mkdir()
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "KEYBOUND_STORE": "file",
        "KEYBOUND_PASSWORD_FILE": str(password),
    }


@pytest.fixture
def keybound(environ: dict[str, str], tmp_path: Path) -> Iterator[Run]:
    """Run the installed command; ``given`` is its standard input."""

    def run(
        *arguments: str, given: bytes = b"", more: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [COMMAND, *arguments],
            input=given,
            capture_output=True,
            env={**environ, **(more or {})},
            cwd=tmp_path,
            timeout=60,
            check=False,
            start_new_session=True,  # no controlling terminal: nothing may ask
        )

    yield run
    run("lock")


@pytest.fixture
def home(environ: dict[str, str]) -> Path:
    """The user's home folder."""
    return Path(environ["HOME"])


@pytest.fixture
def profiles(home: Path) -> Path:
    """The folder of profile files."""
    return home / ".config" / "keybound" / "profiles"
