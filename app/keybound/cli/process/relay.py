"""Copy what a command prints, masked, and what is typed to it, until all that can print has closed its side."""

import errno
import os
import select
import selectors
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from keybound.cli.console.output import warn
from keybound.cli.process.child import Child
from keybound.cli.process.signals import Forwarding
from keybound.domain.text.masking import Masker

IDLE_SECONDS = 0.05
LINGER_SECONDS = 1.0  # after the command's end, for what it had printed
_SIZE = 65_536
_STDIN = 0
_MOST_DESCRIPTORS = 65_536


class Stream(NamedTuple):
    """What is read, how it is masked, and where it goes."""

    source: int
    mask: Masker
    target: int


class Relay:
    """``typed_to``: the command's own terminal, which gets what is typed, or None."""

    def __init__(
        self, streams: Sequence[Stream], child: Child, forwarding: Forwarding, typed_to: int | None = None
    ) -> None:
        self._open = {stream.source: stream for stream in streams}
        self._child, self._forwarding = child, forwarding
        self._typed_to, self._reads_keys = typed_to, True
        self._typed = b""  # not taken yet; to wait until it is would hold up what is printed
        self._until: float | None = None
        self._left_behind = False

    def run(self) -> None:
        """Copy. Where the command has ended and what it left running may print, a process of its own goes on."""
        while self._open:
            readable, writable = self._ready()
            if self._forwarding.woken in readable:
                self._forwarding.heard()
            for stream in [self._open[source] for source in self._open.keys() & readable]:
                data = _read(stream.source)
                self._put(stream, stream.mask.feed(data) if data else stream.mask.end(), more=bool(data))
            if _STDIN in readable:
                self._typed = _read(_STDIN)
                self._reads_keys = bool(self._typed)
            if writable:
                self._type()
            if not readable:
                self._idle()
            if self._open and self._outlived(quiet=not readable):
                self._leave_behind()
                return

    def _ready(self) -> tuple[set[int], set[int]]:
        wanted = dict.fromkeys([*self._open, self._forwarding.woken], selectors.EVENT_READ)
        if self._typed_to in self._open and self._typed:
            wanted[self._typed_to] |= selectors.EVENT_WRITE
        elif self._typed_to in self._open and self._reads_keys:
            wanted[_STDIN] = selectors.EVENT_READ
        hurry = self._until is not None or any(stream.mask.waits for stream in self._open.values())
        with selectors.DefaultSelector() as selector:
            for descriptor, events in wanted.items():
                selector.register(descriptor, events)
            found = selector.select(IDLE_SECONDS if hurry else None)
        return (
            {key.fd for key, events in found if events & selectors.EVENT_READ},
            {key.fd for key, events in found if events & selectors.EVENT_WRITE},
        )

    def _put(self, stream: Stream, data: bytes, *, more: bool) -> None:
        """Write; close the stream at its end, and where nobody takes it: the command then hears that itself."""
        try:
            _write(stream.target, data)
        except OSError as fault:
            more = False
            if fault.errno != errno.EPIPE:
                with suppress(OSError):  # of a terminal that is gone
                    warn(f"what the command prints cannot be written: {(fault.strerror or '').lower()}")
        if not more:
            os.close(self._open.pop(stream.source).source)

    def _type(self) -> None:
        if self._typed_to is None or self._typed_to not in self._open:
            return
        try:
            self._typed = self._typed[os.write(self._typed_to, self._typed) :]
        except BlockingIOError:
            return
        except OSError:  # nobody is there any more
            self._typed = b""

    def _idle(self) -> None:
        for stream in [one for one in self._open.values() if one.mask.waits]:
            self._put(stream, stream.mask.idle(), more=True)

    def _outlived(self, *, quiet: bool) -> bool:
        """Whether the command has ended and what it had printed has been read."""
        if self._left_behind or self._child.poll() is None:
            return False
        if self._until is None:
            self._until = time.monotonic() + LINGER_SECONDS
            return False
        return quiet or time.monotonic() > self._until

    def _leave_behind(self) -> None:
        if os.fork():
            return
        try:
            self._left_behind, self._until = True, None
            self._forwarding.leave()
            _keep_only({*self._open, *(stream.target for stream in self._open.values()), self._forwarding.woken})
            self.run()
        finally:
            os._exit(0)


def _keep_only(kept: set[int]) -> None:
    """Close what this process inherited and does not need: others wait for its end, a lock may be among it."""
    below = 0
    for descriptor in sorted(kept):
        os.closerange(below, descriptor)
        below = descriptor + 1
    os.closerange(below, _MOST_DESCRIPTORS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in {0, 1, 2} - kept - {nothing}:
        os.dup2(nothing, descriptor)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _SIZE)
    except BlockingIOError:  # another reader of a shared terminal was first
        select.select([descriptor], [], [])
        return _read(descriptor)
    except OSError as fault:
        if fault.errno == errno.EIO:  # the last program has closed its side, or the terminal is gone
            return b""
        raise


def _write(descriptor: int, data: bytes) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # another program has set the shared terminal or pipe so
            select.select([], [descriptor], [])
