"""Whether the agent answers, and is this installation's. Everything works without one."""

import fcntl
import os
import sys

from keybound.cli.agent.places import forget_stale, own_lock
from keybound.cli.client import client
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.domain.errors import BadInputError


def agent(context: Context) -> list[Finding]:
    """By its socket."""
    environ = {os.fsencode(name): os.fsencode(value) for name, value in context.environ.items()}
    path = client.socket_path(environ)
    if not path or not os.path.lexists(path):
        return [_none(context)]
    try:
        connection, pid = client.connected(path)
    except ConnectionRefusedError:
        return [_stale(os.fsdecode(path))]
    except PermissionError:
        return [warn(f"{os.fsdecode(path)} is another user's, and is not used", "Remove it.")]
    except OSError as fault:
        return [
            warn(f"the agent does not answer ({(fault.strerror or 'too slow').lower()})", "Run: keybound agent stop")
        ]
    connection.close()
    program = _program(pid)
    if program and os.path.dirname(program) != os.path.dirname(sys.executable):
        return [warn(f"the agent (process {pid}) is another installation's: {program}", "Run: keybound agent stop")]
    return [ok(f"it is running (process {pid})")]


def _none(context: Context) -> Finding:
    try:
        start = read_config(context.home).agent
    except BadInputError:
        return ok("it is not running")
    when = {"auto": "it starts when it is needed", "manual": "config.toml leaves its start to you"}
    return ok(f"it is not running; {when.get(start, 'config.toml wants none')}")


def _stale(path: str) -> Finding:
    return warn(
        f"{path} is left of an agent that was killed", "Remove it: keybound doctor --fix", lambda: _removed(path)
    )


def _removed(path: str) -> str:
    lock = own_lock(os.path.join(os.path.dirname(path), "lock"))
    if lock is None:
        return "an agent is starting: it replaces the socket by itself"
    try:
        forget_stale(path)
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)
    return f"{path} removed"


def _program(pid: int) -> str:
    """What it was started with; "" where nobody tells."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return os.fsdecode(file.read(4096).split(b"\0")[0])
    except OSError:
        return ""
