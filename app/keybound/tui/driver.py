"""The terminal, kept whole: input that is no key kills nothing, a signal that ends us restores it first, and where it is
gone we end.
"""

import asyncio
import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver

    _Base = LinuxDriver
else:
    _Base = object


class _Sturdy(_Base):
    """Input that cannot be read (an unfinished mouse report, bytes that are no UTF-8) is dropped, and reading goes on.

    A terminal that goes without SIGHUP (a killed multiplexer, of which we are no longer the session's) would leave the
    input thread reading nothing for ever, and the output thread dead under a full queue: its end is noticed here, and
    nothing more is written to it.
    """

    on_gone: Callable[[], None]
    _gone = False
    _watched = False

    def start_application_mode(self) -> None:
        """Take the terminal; wait for its end in a thread that sleeps until then."""
        if not self._watched:
            self._watched = True
            self._file = _Lenient(self._file)  # type: ignore[assignment, arg-type]
            threading.Thread(target=self._wait_for_its_end, name="terminal", daemon=True).start()
        super().start_application_mode()  # type: ignore[no-untyped-call]

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
        """Read until the application ends; a read that fails to parse begins anew with a fresh parser."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except OSError:
                self._lost()
                return
            except Exception:  # noqa: S112  # what was read is lost: it was no key
                continue
            else:
                return


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


def sturdy(base: "type[Driver]", on_gone: Callable[[], None]) -> "type[Driver]":
    """A driver class like ``base`` that survives bad input, and calls ``on_gone`` in the loop once the terminal is gone.

    ``base`` itself where it reads in another way.
    """
    if not hasattr(base, "run_input_thread"):
        return base
    return type("SturdyDriver", (_Sturdy, base), {"on_gone": staticmethod(on_gone)})


def on_ending_signals(leave: Callable[[int], None]) -> None:
    """Have the running loop call ``leave`` with 128 + the number of a signal that asks the program to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (NotImplementedError, RuntimeError, ValueError):  # not on this platform, or not in the main thread
            return
