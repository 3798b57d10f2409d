"""Whether the terminal is light: asked of it while the application is made ready, else as COLORFGBG tells."""

import os
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from keybound.tui.driver import Start
from keybound.tui.terminal_input import is_light

LIMIT = 0.1  # seconds from the question until nothing is waited for
_QUESTION = b"\x1b]11;?\x1b\\\x1b[c"  # its ground; and what it is, which every terminal answers, and answers second
_LAST = re.compile(rb"\x1b\[\?[\d;]*c")
_LIGHT = ("7", "15")  # of the sixteen colours, as grounds
_LFLAG = 3


def can_answer(environ: Mapping[str, str]) -> bool:
    """Whether a terminal of this kind takes the question for a question; a console might print it."""
    term = environ.get("TERM", "")
    return not ("STY" in environ or term in ("", "dumb", "unknown", "linux", "cons25") or term.startswith("vt"))


def told(environ: Mapping[str, str]) -> bool:
    """What COLORFGBG says: foreground and ground, as numbers of the sixteen colours; dark where it says nothing."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT


class GroundQuestion:
    """The question, put when this is made. Until the driver takes the terminal, nothing that comes is echoed."""

    def __init__(self, reads: int, writes: int) -> None:
        self.read = b""  # the answer, and what else came; typed keys among it
        self.modes: list[Any] | None = None
        self._reads = reads
        self._until = time.monotonic() + LIMIT
        with suppress(termios.error, OSError):
            self.modes = termios.tcgetattr(reads)
            quiet = termios.tcgetattr(reads)
            quiet[_LFLAG] &= ~(termios.ECHO | termios.ICANON)
            termios.tcsetattr(reads, termios.TCSANOW, quiet)
            os.write(writes, _QUESTION)

    @classmethod
    def put(cls, environ: Mapping[str, str]) -> "GroundQuestion | None":
        """Put it to this process's terminal, if it can answer."""
        if not can_answer(environ) or sys.__stdin__ is None or sys.__stderr__ is None:
            return None
        for number in (signal.SIGTERM, signal.SIGHUP):  # until the application has its own
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        return cls(sys.__stdin__.fileno(), sys.__stderr__.fileno())

    @property
    def start(self) -> Start:
        """What the driver begins with."""
        return Start(self.read, self.modes, reports_light=True)

    def answer(self) -> bool | None:
        """Whether it is light; None where it has not said so in time. A later answer comes to the driver."""
        while self.modes is not None and not _LAST.search(self.read):
            left = self._until - time.monotonic()
            if left <= 0 or not select.select([self._reads], [], [], left)[0]:
                break
            data = os.read(self._reads, 4096)
            if not data:
                break
            self.read += data
        return is_light(self.read.decode("latin-1"))

    def give_back(self) -> None:
        """The terminal's modes are again what they were."""
        if self.modes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._reads, termios.TCSANOW, self.modes)
