"""How the application was left: screen, order, filter. A matter of comfort: what cannot be read or written is passed over."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress

from keybound.custody.context.home import Home
from keybound.domain.errors import KeyboundError
from keybound.stores.atomic import write_atomic
from keybound.stores.regular_file import regular

_MOST = 1 << 20  # bytes


def read_view(home: Home) -> Mapping[str, object]:
    """What was kept last; nothing where it cannot be read."""
    try:
        with open(_path(home), encoding="utf-8", opener=regular) as file:
            found = json.loads(file.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_view(home: Home, view: Mapping[str, object]) -> None:
    """Keep it for the next start, where there is a state folder that can be written."""
    if view != read_view(home) and os.path.isdir(home.state):
        with suppress(OSError, KeyboundError):
            write_atomic(_path(home), json.dumps(view).encode())


def _path(home: Home) -> str:
    return os.path.join(home.state, "view.json")
