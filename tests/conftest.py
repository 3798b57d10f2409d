"""A throw-away home for every test, on the file store; the installed command is run as users run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.cli.client import client
from keybound.custody.context.home import find_home
from keybound.custody.context.paths import base_folders
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.keyring.home_tag import home_tag
from support import kernel_keys, rounds
from support.programs_at_hand import summary
from support.quick_store import make_quickly
from support.tiers import FAST, TESTS, markers_of, without

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
LONGEST_NAME = 1000
COMMAND = str(Path(sys.executable).with_name("keybound"))


@pytest.fixture(autouse=True)
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test runs in this very process asks no agent of the machine's user."""
    monkeypatch.setattr(client, "here", lambda: {b"KEYBOUND_AGENT": b"off"})


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment that knows nothing of the machine's user."""
    password = tmp_path / "passphrase"
    password.write_text("correct horse\n")
    home = tmp_path / "home"
    home.mkdir()
    made = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "KEYBOUND_STORE": "file",
        "KEYBOUND_PASSWORD_FILE": str(password),
        "KEYBOUND_AGENT": "off",
    }
    yield made
    kernel_keys.forget(kernel_keys.kept(f"keybound:{home_tag(base_folders(made)[0])}:"))


@pytest.fixture
def open_store(environ: dict[str, str]) -> None:
    """The file store as `init` makes it, with its identity in the kernel's cache where there is one."""
    home = find_home(environ)
    make_quickly(AgeFileStore(str(Path(home.data, "store")), home_tag(home.config), environ, cache_seconds=900))


@pytest.fixture
def keybound(environ: dict[str, str], tmp_path: Path, open_store: None) -> Iterator[Run]:
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


def pytest_configure(config: pytest.Config) -> None:
    """Properties are tried a few times where the fast tier alone is asked for."""
    rounds.short = config.option.markexpr == FAST


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """A megabyte of text is no name of a test: it would be carried to and fro with each of its reports."""
    return f"{argname}-{len(val)}-{val[:40]!r}" if isinstance(val, str | bytes) and len(val) > LONGEST_NAME else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import nothing of a tier that is not asked for."""
    left_out = without(config.option.markexpr)
    return (collection_path.parent == TESTS and collection_path.name in left_out) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test the markers of its tier."""
    for item in items:
        for marker in markers_of(item.path):
            item.add_marker(marker)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with one line of what was skipped because a program is missing."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(one.longrepr[2]) for one in skipped if isinstance(one.longrepr, tuple)]
    if line := summary(reasons):
        terminalreporter.write_line(line)
