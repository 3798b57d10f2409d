"""Run a command and mask what it prints: on a terminal of its own where we have one, through pipes elsewhere."""

import errno
import os
import pty
import selectors
import signal
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import ioctl

from keybound.cli.guarding import Guard
from keybound.cli.signals import Forwarding
from keybound.cli.start import not_started
from keybound.domain.masking import Masker

IDLE_SECONDS = 0.05
_SIZE = 65_536
_STDIN, _STDOUT = 0, 1
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
        for stream, target in ((child.stdout, sys.stdout.buffer), (child.stderr, sys.stderr.buffer)):
            if stream is not None:
                selector.register(stream.fileno(), selectors.EVENT_READ, (masker(), target))
        while selector.get_map():
            for key, _ in selector.select():
                mask, target = key.data
                data = os.read(key.fd, _SIZE)
                target.write(mask.feed(data) if data else mask.end())
                target.flush()
                if not data:
                    selector.unregister(key.fd)
    return child.wait()


def _on_terminal(command: list[str], environment: dict[bytes, bytes], masker: Masker, guard: Guard | None) -> int:
    forwarding = Forwarding()
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            os.execvpe(command[0], command, environment)
        except (OSError, ValueError) as fault:
            os._exit(not_started(command[0], fault))
    _same_size(terminal)
    signal.signal(signal.SIGWINCH, lambda *_: _same_size(terminal))
    forwarding.to(pid)
    if guard is not None:
        guard.start(pid)
    with _raw():
        _relay(terminal, masker)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


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


def _relay(terminal: int, masker: Masker) -> None:
    """Copy both ways until the command's side is closed."""
    with selectors.DefaultSelector() as selector:
        selector.register(terminal, selectors.EVENT_READ)
        selector.register(_STDIN, selectors.EVENT_READ)
        while True:
            ready = selector.select(IDLE_SECONDS if masker.keeps else None)
            if not ready:
                _write(_STDOUT, masker.idle())
            for key, _ in ready:
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
