"""A program in a terminal of its own: when something stands on the screen, how soon a key is painted, what memory it takes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

_QUIET = 0.1  # seconds without output: all of it has come
_PRIMARY_ATTRIBUTES = (b"\x1b[c", b"\x1b[?62c")


class Terminal:
    """Runs ``words`` until it is closed. Times are seconds of the wall clock."""

    def __init__(self, words: Sequence[str], environ: Mapping[str, str], columns: int = 120, rows: int = 40) -> None:
        self._start = time.perf_counter()
        self._seen = b""
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], list(words), {**environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"})
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, wanted: bytes, most: float = 60) -> float:
        """How long after its start something was written."""
        while not re.search(wanted, self._seen):
            if time.perf_counter() - self._start > most:
                raise TimeoutError(f"{wanted!r} was not written")
            self._read(0.5)
        return time.perf_counter() - self._start

    def key(self, key: str, most: float = 5) -> float:
        """How long after a key the last of what it changes was written; that which comes within ``most`` at first."""
        self.rest()
        begun = last = time.perf_counter()
        os.write(self._terminal, key.encode())
        while time.perf_counter() < (last + _QUIET if last > begun else begun + most):
            if self._read(_QUIET):
                last = time.perf_counter()
        return last - begun

    def rest(self, quiet: float = _QUIET) -> None:
        """Wait until nothing has been written for a while."""
        while self._read(quiet):
            pass

    def quit(self) -> None:
        """Press q, and wait until it has ended."""
        os.write(self._terminal, b"q")
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            self._read(0.05)

    @property
    def memory(self) -> int:
        """Resident memory in MB."""
        with open(f"/proc/{self.pid}/status") as status:
            found = next(line for line in status if line.startswith("VmRSS"))
        return int(found.split()[1]) // 1024

    def close(self) -> None:
        """End it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def _read(self, most: float) -> bytes:
        ready, _, _ = select.select([self._terminal], [], [], most)
        if not ready:
            return b""
        try:
            found = os.read(self._terminal, 65_536)
        except OSError:  # it has ended
            return b""
        self._seen += found
        if _PRIMARY_ATTRIBUTES[0] in found:
            os.write(self._terminal, _PRIMARY_ATTRIBUTES[1])
        return found
