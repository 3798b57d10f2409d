"""Take away what killed writers left: their temporary files, in every folder that Keybound writes into."""

import os
from collections.abc import Iterator

from keybound.custody.context.home import Home
from keybound.custody.profiles.templates import FOLDER as SCHEMAS
from keybound.custody.shell_state.project import ALLOWED
from keybound.stores.atomic import left_behind, sweep


def tidy(home: Home) -> int:
    """Remove them; return how many. The caller holds the exclusive lock, so that only hooks may be writing."""
    return sum(sweep(folder) for folder in _folders(home))


def left_by_killed_writers(home: Home) -> list[str]:
    """What :func:`tidy` would remove."""
    return [path for folder in _folders(home) for path in left_behind(folder)]


def _folders(home: Home) -> Iterator[str]:
    yield from (home.profiles, os.path.join(home.config, SCHEMAS), home.state, os.path.join(home.state, ALLOWED))
    store = os.path.join(home.data, "store")
    yield store
    if os.path.isdir(store):
        yield from (entry.path for entry in os.scandir(store) if entry.is_dir(follow_symlinks=False))
