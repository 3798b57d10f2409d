"""agent: start, stop, or say how it stands."""

import os
import signal
import time

from keybound.cli.client import starting
from keybound.cli.client.running import running
from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.domain.errors import BadInputError, UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

_SECONDS = 10
_PAUSE = 0.05


def agent_parser() -> "ArgumentParser":
    """What ``agent`` takes."""
    parse = parser(
        "agent",
        "keybound agent status",
        "keybound agent stop",
        more="The agent keeps no secret, and nothing depends on it. It starts by itself unless config.toml says "
        '[agent] start = "manual" or "never"; KEYBOUND_AGENT=off bypasses it for one command.',
    )
    parse.add_argument("action", choices=["start", "stop", "status"], help="What to do with this home's agent.")
    return parse


def agent(argv: list[str]) -> int:
    """Start, stop, or say how it stands."""
    action = agent_parser().parse_args(argv).action
    context = own_context()
    if action == "status":
        pid = running()
        say(f"The agent is running (process {pid})." if pid else "The agent is not running.")
        return 0 if pid else 1
    if action == "stop":
        return _stop()
    if not os.path.isdir(context.home.state):
        raise BadInputError("there is nothing to release yet", hint="Run: keybound init")
    from keybound.custody.context.config import read_config

    if read_config(context.home).agent == "never":
        raise BadInputError('[agent] start is "never"', where=context.home.settings)
    return _start()


def _start() -> int:
    if not running():
        starting.start(os.environ)
    if pid := _waited(running):
        say(f"The agent is running (process {pid}).")
        return 0
    raise UnavailableError("the agent did not start", hint="Everything works without it.")


def _stop() -> int:
    pid = running()
    if not pid:
        say("The agent is not running.")
        return 0
    os.kill(pid, signal.SIGTERM)
    if _waited(lambda: not os.path.exists(f"/proc/{pid}")):
        say("The agent has stopped.")
        return 0
    raise UnavailableError(f"the agent (process {pid}) does not stop", hint=f"Run: kill -9 {pid}")


def _waited(until: "Callable[[], int]") -> int:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        if found := until():
            return found
        time.sleep(_PAUSE)
    return 0
