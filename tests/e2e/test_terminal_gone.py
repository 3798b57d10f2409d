"""A terminal that goes: with SIGHUP and without, the application ends, and what was typed is there at the next start."""

import os
import pty
import resource
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pyte
import pytest

from support.staging import COMMAND, Run, furnish


class Away:
    """The application on a terminal that is not its session's, as under ``setsid``; ``master`` is our end."""

    def __init__(self, environ: dict[str, str], *arguments: str) -> None:
        self.master, slave = pty.openpty()
        self.child = subprocess.Popen(
            [COMMAND, *arguments],
            env={**environ, "COLUMNS": "80", "LINES": "24"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)

    def until(self, wanted: str) -> None:
        """Wait until ``wanted`` stands on the screen, in however many pieces it was painted."""
        end = time.monotonic() + 40
        while wanted not in (shown := "\n".join(self.screen.display)):
            assert time.monotonic() < end, f"{wanted!r} never came:\n{shown}"
            self._read()

    def status(self) -> int:
        """Read on, as a terminal does, until the application has ended: its exit status."""
        end = time.monotonic() + 40
        while self.child.poll() is None:
            assert time.monotonic() < end, "it never ended:\n" + "\n".join(self.screen.display)
            self._read()
        return self.child.returncode

    def _read(self) -> None:
        if select.select([self.master], [], [], 0.2)[0]:
            with suppress(OSError):  # the other end is closed
                self.stream.feed(os.read(self.master, 65536))

    def send(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def hang_up(self) -> None:
        os.close(self.master)

    def end(self) -> None:
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()


@pytest.fixture
def away(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> Iterator[Callable[..., Away]]:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    made: list[Away] = []

    def start(*arguments: str) -> Away:
        made.append(Away(environ, *arguments))
        return made[-1]

    yield start
    for each in made:
        each.end()


def test_it_ends_where_nobody_says_that_the_terminal_is_gone(away: Callable[..., Away]) -> None:
    opened = away()
    opened.until("GITHUB_TOKEN")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    opened.hang_up()
    assert opened.child.wait(20) == 128 + signal.SIGHUP
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert used.ru_utime - before.ru_utime < 15, "it did not spin until the test gave up"


@pytest.mark.parametrize("number", [None, signal.SIGHUP, signal.SIGTERM])
def test_what_was_typed_is_offered_at_the_next_start(
    away: Callable[..., Away], number: "signal.Signals | None"
) -> None:
    opened = away()
    opened.until("GITHUB_TOKEN")
    opened.send(b"3")
    opened.until("beta_writes")
    opened.send(b"\r# zebra")
    opened.until("# zebra")
    opened.until("modified")
    if number is None:
        opened.hang_up()
        assert opened.child.wait(40) == 128 + signal.SIGHUP
    else:
        opened.child.send_signal(number)
        assert opened.status() == 128 + number
    again = away()
    again.until("has unsaved edits")
    again.send(b"\r")
    again.until("# zebra")
    again.send(b"\x11")
    again.until("Quit without saving?")
    again.send(b"\r")
    assert again.status() == 0


def test_the_demo_leaves_nothing_behind_where_its_terminal_goes(environ: dict[str, str], tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    opened = Away({**environ, "TMPDIR": str(scratch)}, "demo")
    try:
        opened.until("tokens")
        opened.hang_up()
        opened.child.wait(20)
        assert list(scratch.iterdir()) == []
    finally:
        opened.end()
