"""Run a command and mask what it prints: on a terminal of its own where we have one, through pipes elsewhere."""

import os
import pty
import signal
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl

from keybound.cli.process.child import Child
from keybound.cli.process.guarding import TokenWatcher
from keybound.cli.process.relay import Relay, Stream
from keybound.cli.process.signals import Forwarding
from keybound.cli.process.start import start
from keybound.domain.text.masking import Masker

_STDIN, _STDOUT, _STDERR = 0, 1, 2
Make = Callable[[], Masker]
_Pipe = tuple[int, int]
_Modes = list[int | list[bytes | int]]


def run_masked(
    program: str, command: list[str], environment: dict[bytes, bytes], masker: Make, guard: TokenWatcher | None
) -> int:
    """Run it; return its exit status, negative for a signal. Raises OSError where it cannot be started."""
    if _has_terminal():
        return _on_terminal(program, command, environment, masker, guard)
    return _through_pipes(program, command, environment, masker, guard)


def _has_terminal() -> bool:
    """Whether input and output are a terminal that we may set: a job in the background may not."""
    if not (os.isatty(_STDIN) and os.isatty(_STDOUT)):
        return False
    try:
        return os.tcgetpgrp(_STDIN) == os.getpgrp()
    except OSError:  # nobody's controlling terminal
        return True


def _through_pipes(
    program: str, command: list[str], environment: dict[bytes, bytes], masker: Make, guard: TokenWatcher | None
) -> int:
    prints, errors = os.pipe(), None if _one_place() else os.pipe()
    forwarding = Forwarding()
    started = subprocess.Popen(
        command,
        executable=program,
        env=environment,
        close_fds=False,
        stdout=prints[1],
        stderr=errors[1] if errors else subprocess.STDOUT,
    )
    child = Child(started.pid)
    forwarding.to(child.pid)
    if guard is not None:
        guard.start(child.pid)
    Relay(_streams(prints, errors, masker), child, forwarding).run()
    started.returncode = forwarding.wait(child.poll)
    return started.returncode


def _streams(prints: _Pipe, errors: _Pipe | None, masker: Make) -> list[Stream]:
    streams = [Stream(prints[0], masker(), _STDOUT)]
    os.close(prints[1])
    if errors is not None:
        streams.append(Stream(errors[0], masker(), _STDERR))
        os.close(errors[1])
    return streams


def _one_place() -> bool:
    """Whether output and errors go to the same place: through one pipe they keep their order."""
    try:
        return os.path.sameopenfile(_STDOUT, _STDERR)
    except OSError:  # one of them is closed
        return False


def _on_terminal(
    program: str, command: list[str], environment: dict[bytes, bytes], masker: Make, guard: TokenWatcher | None
) -> int:
    errors = None if os.isatty(_STDERR) else os.pipe()
    modes, size = termios.tcgetattr(_STDIN), _size()
    forwarding = Forwarding()
    with forwarding.while_forking():
        pid, terminal = pty.fork()
    if pid == 0:
        termios.tcsetattr(_STDIN, termios.TCSANOW, modes)
        ioctl(_STDIN, termios.TIOCSWINSZ, size)
        if errors is not None:
            os.dup2(errors[1], _STDERR)
        os._exit(start(program, command, environment))
    os.set_blocking(terminal, False)
    signal.signal(signal.SIGWINCH, lambda *_: _same_size(terminal))
    forwarding.to(pid)
    if guard is not None:
        guard.start(pid)
    streams = [Stream(terminal, masker(), _STDOUT)]
    if errors is not None:
        streams.append(Stream(errors[0], masker(), _STDERR))
        os.close(errors[1])
    child = Child(pid, lambda: _cooked(modes, terminal))
    with _raw(modes):
        Relay(streams, child, forwarding, terminal).run()
    return forwarding.wait(child.poll)


def _size() -> bytes:
    return ioctl(_STDIN, termios.TIOCGWINSZ, b"\0" * 8)


def _same_size(terminal: int) -> None:
    with suppress(OSError):  # one of the two is gone
        ioctl(terminal, termios.TIOCSWINSZ, _size())


@contextmanager
def _raw(before: _Modes) -> Iterator[None]:
    """The terminal hands on every key and every byte; what was typed ahead is kept."""
    sys.stderr.reconfigure(newline="\r\n" if os.isatty(_STDERR) else "\n")  # type: ignore[union-attr]
    try:
        tty.setraw(_STDIN, termios.TCSADRAIN)
        yield
    finally:
        with suppress(termios.error):  # it is gone
            termios.tcsetattr(_STDIN, termios.TCSADRAIN, before)
        sys.stderr.reconfigure(newline="\n")  # type: ignore[union-attr]


@contextmanager
def _cooked(before: _Modes, terminal: int) -> Iterator[None]:
    """The terminal as the shell had it, while the command is stopped; it may have another size afterwards."""
    termios.tcsetattr(_STDIN, termios.TCSADRAIN, before)
    yield
    tty.setraw(_STDIN, termios.TCSADRAIN)
    _same_size(terminal)
