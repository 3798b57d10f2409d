"""The terminal, kept whole: input that is no key kills nothing, and a signal that ends us restores it first."""

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver

    _Base = LinuxDriver
else:
    _Base = object


class _Sturdy(_Base):
    """Input that cannot be read (an unfinished mouse report, bytes that are no UTF-8) is dropped, and reading goes on."""

    def run_input_thread(self) -> None:
        """Read until the application ends; a read that fails to parse begins anew with a fresh parser."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except OSError:
                raise  # the terminal is gone
            except Exception:  # noqa: S112  # what was read is lost: it was no key
                continue
            else:
                return


def sturdy(base: "type[Driver]") -> "type[Driver]":
    """A driver class like ``base`` that survives bad input; ``base`` itself where it reads in another way."""
    if not hasattr(base, "run_input_thread"):
        return base
    return type("SturdyDriver", (_Sturdy, base), {})


def on_ending_signals(leave: Callable[[int], None]) -> None:
    """Have the running loop call ``leave`` with 128 + the number of a signal that asks the program to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (NotImplementedError, RuntimeError, ValueError):  # not on this platform, or not in the main thread
            return
