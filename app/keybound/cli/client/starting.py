"""Start an agent, apart from whoever needs one: it outlives the command and the terminal."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from keybound.cli.client import client
from keybound.custody.programs.detached import start_detached
from keybound.domain.errors import BadInputError, KeyboundError
from keybound.stores.private_dir import make_private_dir

_AGAIN = 60  # seconds until a start is tried again
_TRIED = "tried"


def start_for_next_time() -> None:
    """After a release that had to go the direct way: start an agent, unless it was tried a moment ago.

    Never fails: the agent is a convenience.
    """
    with suppress(OSError, KeyboundError):
        if _is_due(client.socket_path(client.here())) and _automatic():
            start(os.environ)


def _automatic() -> bool:
    from keybound.custody.context.config import read_config
    from keybound.custody.context.home import find_home

    return read_config(find_home(os.environ)).agent == "auto"


def _is_due(path: bytes) -> bool:
    """Whether nobody has tried lately; from now on somebody has."""
    folder = os.path.dirname(os.fsdecode(path))
    make_private_dir(folder)
    tried = os.path.join(folder, _TRIED)
    with suppress(OSError):
        if 0 <= time.time() - os.stat(tried).st_mtime < _AGAIN:
            return False
    os.close(os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    os.utime(tried)
    return True


def start(environ: Mapping[str, str]) -> None:
    """Start an agent for the home of ``environ``; where there is one already, the new one ends at once.

    Raises BadInputError where this system has none.
    """
    if sys.platform != "linux":
        raise BadInputError("the agent is not available on this system", hint="Everything works without it.")
    start_detached(["-m", "keybound.cli.agent.server"], environ)
