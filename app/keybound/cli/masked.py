"""Run a command and mask what it prints: on a terminal of its own where we have one, through pipes elsewhere."""

import errno
import os
import pty
import selectors
import signal
import subprocess
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import ioctl
from typing import IO, cast

from keybound.cli.guarding import Guard
from keybound.cli.lines import warn
from keybound.cli.signals import Forwarding
from keybound.cli.start import start
from keybound.domain.masking import Masker

IDLE_SECONDS = 0.05
_SIZE = 65_536
_STDIN, _STDOUT, _STDERR = 0, 1, 2
Make = Callable[[], Masker]


def run_masked(command: list[str], environment: dict[bytes, bytes], masker: Make, guard: Guard | None) -> int:
    """Run it; return its exit status, negative for a signal. Raises OSError where it cannot be started."""
    if os.isatty(_STDIN) and os.isatty(_STDOUT):
        return _on_terminal(command, environment, masker(), guard)
    return _through_pipes(command, environment, masker, guard)


def _through_pipes(command: list[str], environment: dict[bytes, bytes], masker: Make, guard: Guard | None) -> int:
    forwarding = Forwarding()
    child = subprocess.Popen(command, env=environment, close_fds=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    forwarding.to(child.pid)
    if guard is not None:
        guard.start(child.pid)
    with selectors.DefaultSelector() as selector:
        selector.register(forwarding.woken, selectors.EVENT_READ)
        for stream, target in ((child.stdout, _STDOUT), (child.stderr, _STDERR)):
            if stream is not None:
                selector.register(stream, selectors.EVENT_READ, (masker(), target))
        while len(selector.get_map()) > 1:
            for key, _ in selector.select():
                if key.fd == forwarding.woken:
                    forwarding.heard()
                elif not _passed_on(key.fd, *key.data):
                    selector.unregister(key.fileobj)
                    cast("IO[bytes]", key.fileobj).close()
    return forwarding.wait(child.poll)


def _passed_on(source: int, mask: Masker, target: int) -> bool:
    """Whether there may be more: not at the end, nor where nobody takes it (the command then hears that itself)."""
    data = os.read(source, _SIZE)
    try:
        _write(target, mask.feed(data) if data else mask.end())
    except OSError as fault:
        if fault.errno != errno.EPIPE:
            warn(f"what the command prints cannot be written: {(fault.strerror or '').lower()}")
        return False
    return bool(data)


def _on_terminal(command: list[str], environment: dict[bytes, bytes], masker: Masker, guard: Guard | None) -> int:
    forwarding = Forwarding()
    with forwarding.while_forking():
        pid, terminal = pty.fork()
    if pid == 0:
        os._exit(start(command, environment))
    _same_size(terminal)
    signal.signal(signal.SIGWINCH, lambda *_: _same_size(terminal))
    forwarding.to(pid)
    if guard is not None:
        guard.start(pid)
    with _raw():
        _relay(terminal, masker, forwarding)
    return forwarding.wait(lambda: _ended(pid))


def _ended(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _same_size(terminal: int) -> None:
    ioctl(terminal, termios.TIOCSWINSZ, ioctl(_STDIN, termios.TIOCGWINSZ, b"\0" * 8))


@contextmanager
def _raw() -> Iterator[None]:
    before = termios.tcgetattr(_STDIN)
    try:
        tty.setraw(_STDIN)
        yield
    finally:
        termios.tcsetattr(_STDIN, termios.TCSAFLUSH, before)


def _relay(terminal: int, masker: Masker, forwarding: Forwarding) -> None:
    """Copy both ways until the command's side is closed."""
    with selectors.DefaultSelector() as selector:
        selector.register(terminal, selectors.EVENT_READ)
        selector.register(_STDIN, selectors.EVENT_READ)
        selector.register(forwarding.woken, selectors.EVENT_READ)
        while True:
            ready = selector.select(IDLE_SECONDS if masker.waits else None)
            if not ready:
                _write(_STDOUT, masker.idle())
            for key, _ in ready:
                if key.fd == forwarding.woken:
                    forwarding.heard()
                    continue
                data = _read(key.fd)
                if key.fd == terminal:
                    _write(_STDOUT, masker.feed(data) if data else masker.end())
                    if not data:
                        return
                elif data:
                    _write(terminal, data)
                else:
                    selector.unregister(_STDIN)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _SIZE)
    except OSError as fault:
        if fault.errno == errno.EIO:  # the last program has closed its side
            return b""
        raise


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
