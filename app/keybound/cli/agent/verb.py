"""agent: start, stop, or say how it stands; have the system start it at login."""

import os
import signal
import sys
import time

from keybound.cli.client import client, starting
from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.cli.units.agent import agent_unit
from keybound.cli.units.saying import say_installed, say_removed
from keybound.domain.errors import BadInputError, UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from keybound.custody.context.context import Context

_SECONDS = 20
_PAUSE = 0.05


def agent_parser() -> "ArgumentParser":
    """What ``agent`` takes."""
    parse = parser(
        "agent",
        "keybound agent status",
        "keybound agent stop",
        "keybound agent --install",
        more="The agent keeps no secret, and nothing depends on it. It starts by itself unless config.toml says "
        '[agent] start = "manual" or "never"; KEYBOUND_AGENT=off bypasses it for one command.',
    )
    what = parse.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "action", nargs="?", choices=["start", "stop", "status"], help="What to do with this home's agent."
    )
    what.add_argument(
        "--install",
        action="store_true",
        help="Write a systemd user unit (on macOS, a launchd plist that runs `keybound watch`), and print how to enable it.",
    )
    what.add_argument("--uninstall", action="store_true", help="Remove that file again.")
    return parse


def agent(argv: list[str]) -> int:
    """Do one of these."""
    options = agent_parser().parse_args(argv)
    context = own_context()
    if options.install:
        return _install(context)
    if options.uninstall:
        return _uninstall(context)
    return {"status": _status, "stop": _stop, "start": _start}[options.action](context)


def _status(context: "Context") -> int:
    pid = running()
    say(f"The agent is running (process {pid})." if pid else "The agent is not running.")
    return 0 if pid else 1


def _check_wanted(context: "Context") -> None:
    """Raise BadInputError where there is no use for an agent, or its owner wants none."""
    if not os.path.isdir(context.home.state):
        raise BadInputError("there is nothing to release yet", hint="Run: keybound init")
    from keybound.custody.context.config import read_config

    if read_config(context.home).agent == "never":
        raise BadInputError('[agent] start is "never"', where=context.home.settings)


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


def _start(context: "Context") -> int:
    _check_wanted(context)
    if not running():
        starting.start(os.environ)
    if pid := _waited(running):
        say(f"The agent is running (process {pid}).")
        return 0
    raise UnavailableError("the agent did not start", hint="Everything works without it.")


def _install(context: "Context") -> int:
    _check_wanted(context)
    return say_installed(agent_unit(sys.platform, os.environ, context.home))


def _uninstall(context: "Context") -> int:
    return say_removed(agent_unit(sys.platform, os.environ, context.home))


def _stop(context: "Context") -> int:
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
