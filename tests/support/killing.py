"""A command that is killed at a step which the code itself names (``at_step`` of a module), or in a function's place."""

import signal
import subprocess
import sys

TRANSACTION = "keybound.custody.envelopes.transaction"
_KILLER = """
import importlib, os, signal, sys
from keybound.cli.main import main

place, target, nth = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0

def at_step(step):
    global seen
    seen += step == target
    if step == target and seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)

importlib.import_module(place).at_step = at_step
sys.exit(main(sys.argv[4:]))
"""

_INSTEAD = """
import importlib, os, signal, sys
from keybound.cli.main import main

setattr(importlib.import_module(sys.argv[1]), sys.argv[2], lambda *given: os.kill(os.getpid(), signal.SIGKILL))
sys.exit(main(sys.argv[3:]))
"""


def run_to(
    environ: dict[str, str], place: str, step: str, nth: int, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command that is killed when the module ``place`` is at ``step`` for the nth time, if it ever is."""
    command = [sys.executable, "-c", _KILLER, place, step, str(nth), *arguments]
    return subprocess.run(
        command, env=environ, input=given, capture_output=True, check=False, timeout=60, start_new_session=True
    )


def killed_at(environ: dict[str, str], place: str, step: str, nth: int, *arguments: str) -> bool:
    """Whether the command was killed there; it ends well where it was not."""
    done = run_to(environ, place, step, nth, *arguments)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode == -signal.SIGKILL


def killed_instead(environ: dict[str, str], place: str, name: str, *arguments: str) -> bool:
    """Run a command that is killed where it would call the function ``name`` of the module ``place``; whether it was."""
    command = [sys.executable, "-c", _INSTEAD, place, name, *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60, start_new_session=True)
    return done.returncode == -signal.SIGKILL
