"""The installed application on a terminal that is emulated, so that what it shows can be read."""

import sys
import time
from pathlib import Path

import pexpect
import pyte

KEYBOUND = str(Path(sys.executable).with_name("keybound"))


class Screen:
    """A terminal of this size that runs the application."""

    def __init__(self, arguments: list[str], environ: dict[str, str], columns: int = 80, rows: int = 24) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child = pexpect.spawn(KEYBOUND, arguments, env=environ, dimensions=(rows, columns), timeout=5)

    def until(self, wanted: str, seconds: float = 25) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            shown = "\n".join(self.screen.display)
            if wanted in shown:
                return shown
        raise AssertionError(f"{wanted!r} never came:\n" + "\n".join(self.screen.display))

    def at_rest(self, seconds: float = 1.0) -> str:
        """What is shown once nothing was written for so long."""
        quiet, seen = time.monotonic(), len(self.raw)
        while time.monotonic() - quiet < seconds:
            self.read()
            if len(self.raw) != seen:
                quiet, seen = time.monotonic(), len(self.raw)
        return "\n".join(self.screen.display)

    def until_raw(self, wanted: str, seconds: float = 25) -> None:
        """Read until this was written, control sequences and all."""
        end = time.monotonic() + seconds
        while wanted not in self.raw.decode(errors="replace"):
            assert time.monotonic() < end, f"{wanted!r} was never written"
            self.read()

    def read(self) -> None:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.raw += data
        self.stream.feed(data)

    def end(self) -> None:
        self.child.send("\x11")
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before
        self.child.close()

    def quiet(self) -> None:
        """Read until nothing comes for a while."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            for _ in range(4):
                self.read()


def step_costs(environ: dict[str, str], columns: int, rows: int, steps: int = 6) -> list[int]:
    """Bytes that the demo writes for each step of the cursor in its list of tokens."""
    screen = Screen(["demo"], {**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}, columns, rows)
    screen.until("palette")
    screen.quiet()
    costs = []
    for _ in range(steps):
        before = len(screen.raw)
        screen.child.send("\x1b[B")
        screen.quiet()
        costs.append(len(screen.raw) - before)
    screen.end()
    return costs
