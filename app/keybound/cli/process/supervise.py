"""Run a command as a child: to mask what it prints, to guard while it runs."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from keybound.cli.process.child import Child
from keybound.cli.process.guarding import TokenWatcher
from keybound.cli.process.signals import Forwarding
from keybound.cli.process.start import not_started
from keybound.custody.context.context import Context
from keybound.custody.release.release import Released
from keybound.domain.text.masking import Masker
from keybound.domain.text.secret import expose_secret


def supervise(
    context: Context,
    program: str,
    command: list[str],
    environment: dict[bytes, bytes],
    released: Released,
    *,
    mask: bool,
    on_loss: str | None,
) -> int:
    """Run it and return its exit status; a child that a signal ended ends this process by the same one."""
    guard = TokenWatcher(context, released, on_loss) if on_loss else None
    try:
        if mask:
            from keybound.cli.process.masked import run_masked

            secrets = [expose_secret(secret) for _, secret in released.variables.values()]
            status = run_masked(program, command, environment, lambda: Masker(secrets), guard)
        else:
            status = _plain(program, command, environment, guard)
    except (OSError, ValueError) as fault:
        return not_started(command[0], fault)
    return as_child(status)


def _plain(program: str, command: list[str], environment: dict[bytes, bytes], guard: TokenWatcher | None) -> int:
    forwarding = Forwarding()
    started = subprocess.Popen(command, executable=program, env=environment, close_fds=False)
    child = Child(started.pid)
    forwarding.to(child.pid)
    if guard is not None:
        guard.start(child.pid)
    started.returncode = forwarding.wait(child.poll)
    return started.returncode


def as_child(status: int) -> int:
    """The exit status; for a negative one this process ends by that signal, as the child did."""
    if status >= 0:
        return status
    sys.stdout.flush()
    with suppress(OSError):  # SIGKILL has no handler to be set
        signal.signal(-status, signal.SIG_DFL)
    os.kill(os.getpid(), -status)
    return 128 - status
