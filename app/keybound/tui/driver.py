"""The terminal, kept whole: input that is no key kills nothing, a signal that ends us restores it first, and where it is
gone we end.
"""

import asyncio
import os
import select
import signal
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from textual._xterm_parser import XTermParser

from keybound.tui.terminal_input import TerminalInput

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver

    _Base = LinuxDriver
else:
    _Base = object

_REPORT_LIGHT, _REPORT_NOTHING, _CLEAR = "\x1b[?2031h", "\x1b[?2031l", "\x1b[H\x1b[2J"


class _Sturdy(_Base):
    """Input that cannot be read (an unfinished mouse report, bytes that are no UTF-8) is dropped, and reading goes on.

    A terminal that goes without SIGHUP (a killed multiplexer, of which we are no longer the session's) would leave the
    input thread reading nothing for ever, and the output thread dead under a full queue: its end is noticed here, and
    nothing more is written to it.
    """

    on_gone: Callable[[], None]
    on_light: Callable[[bool], None]
    found: Callable[[], "Start"]
    _early = b""
    _gone = False
    _started = False

    def start_application_mode(self) -> None:
        """Take the terminal; wait for its end in a thread that sleeps until then."""
        start = self.found()
        first, self._started = not self._started, True
        if first:
            self._early = start.early
            self._file = _Lenient(self._file)  # type: ignore[assignment, arg-type]
            threading.Thread(target=self._wait_for_its_end, name="terminal", daemon=True).start()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if first:
            self.attrs_before = start.modes or self.attrs_before
        if start.reports_light:
            self.write(_REPORT_LIGHT)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        if self.found().reports_light:
            self.write(_REPORT_NOTHING)
        self.write(_CLEAR)  # where there is no alternate screen, the shell's prompt would stand amid ours
        super().stop_application_mode()

    def _wait_for_its_end(self) -> None:
        poller = select.poll()
        poller.register(self.fileno, 0)  # a hang-up is reported unasked
        poller.poll()
        self._lost()

    def _lost(self) -> None:
        if not self._gone:
            self._gone = True
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self.on_gone)

    def write(self, data: str) -> None:
        """Write, while there is a terminal."""
        if not self._gone:
            super().write(data)

    def run_input_thread(self) -> None:
        """Read until the application ends; what fails to parse is dropped, and a fresh parser goes on."""
        incoming = TerminalInput(self._said_light)
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser = XTermParser()
        data: bytes | None
        data, self._early = self._early, b""
        while not self.exit_event.is_set():
            now = time.monotonic()
            keys = incoming.take(decode(data), now) if data else incoming.waited(now)
            try:
                for event in (*(parser.feed(keys) if keys else ()), *parser.tick()):
                    self.process_message(event)
            except Exception:  # what was read is lost: it was no key
                parser = XTermParser()
            data = self._read()
            if data == b"":
                self._lost()
                return

    def _read(self) -> bytes | None:
        """What has come; None where nothing has for a moment, nothing at the terminal's end."""
        try:
            return os.read(self.fileno, 4096) if select.select([self.fileno], [], [], 0.1)[0] else None
        except OSError:
            return b""

    def _said_light(self, light: bool) -> None:
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(self.on_light, light)


class _Lenient:
    """A terminal to write to, that may be gone: what is written then goes nowhere."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, or drop it."""
        try:
            self._file.write(text)
        except OSError:
            self._drop()

    def flush(self) -> None:
        """Flush, or drop it."""
        try:
            self._file.flush()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Let what is held back go nowhere too: the interpreter would fail on it at its end, with a status of its own."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)

    def fileno(self) -> int:
        """The file's number."""
        return self._file.fileno()


class Start(NamedTuple):
    """How the driver finds the terminal: what was read of it, its modes, and whether it can say when it becomes light."""

    early: bytes = b""
    modes: "list[Any] | None" = None
    reports_light: bool = False


def sturdy(
    base: "type[Driver]", found: Callable[[], Start], on_gone: Callable[[], None], on_light: Callable[[bool], None]
) -> "type[Driver]":
    """A driver class like ``base`` that survives bad input, calls ``on_gone`` in the loop once the terminal is gone, and
    ``on_light`` when it says that it is light, or dark.

    ``base`` itself where it reads in another way.
    """
    if not hasattr(base, "run_input_thread"):
        return base
    calls = {"found": staticmethod(found), "on_gone": staticmethod(on_gone), "on_light": staticmethod(on_light)}
    return type("SturdyDriver", (_Sturdy, base), calls)


def on_ending_signals(leave: Callable[[int], None]) -> None:
    """Have the running loop call ``leave`` with 128 + the number of a signal that asks the program to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (NotImplementedError, RuntimeError, ValueError):  # not on this platform, or not in the main thread
            return
