"""The agent that runs: its process id, and that it is to go."""

import os
import signal
from contextlib import suppress

from keybound.cli.client import client


def running() -> int:
    """The agent's process id; 0 where none answers."""
    path = client.socket_path(dict(os.environb))
    if not path:
        return 0
    try:
        connection, pid = client.connected(path)
    except OSError:
        return 0
    connection.close()
    return pid


def make_way() -> None:
    """Have the agent end, where one runs; another one may start at need."""
    if pid := running():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGHUP)
