"""Whether the state and the index of releases can be read."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.custody.health.home import is_read_only
from keybound.stores.journal.usage_index import UsageIndex
from keybound.stores.state import VERSION


def state(context: Context) -> list[Finding]:
    """Both are SQLite; they are opened for reading alone."""
    return [*_state(context), *_index(context)] or [ok("the state is whole")]


def state_path(context: Context) -> str:
    """The file of the state."""
    return os.path.join(context.home.state, "state.db")


def is_usable(context: Context) -> bool:
    """Whether there is a state of this version, and nothing is wrong with it."""
    path = state_path(context)
    return os.access(path, os.R_OK | os.W_OK) and not _fault(path) and _version(path) == VERSION


def _state(context: Context) -> Iterator[Finding]:
    path = state_path(context)
    if not os.path.lexists(path):
        return
    if fault := _fault(path) or ("" if _version(path) else "it is empty"):
        yield fail(
            f"{path}: {fault}",
            "Bring it back from a backup, or let the next command set it aside and begin a new one: keybound list",
        )
    elif not os.access(path, os.W_OK) and not is_read_only(context.home.state):
        yield fail(f"{path} cannot be written", f"Run: chmod u+w {path}")
    elif (version := _version(path)) > VERSION:
        yield fail(f"{path} was written by a newer Keybound (format {version}, not {VERSION})", "Upgrade Keybound.")


def _index(context: Context) -> Iterator[Finding]:
    path, folder = os.path.join(context.home.state, "usage.db"), os.path.join(context.home.state, "journal")
    if os.path.exists(path) and (fault := _fault(path)):
        yield warn(f"{path}: {fault}", "Make it anew: keybound doctor --fix", lambda: _made_anew(path, folder))


def _made_anew(path: str, folder: str) -> str:
    for ending in ("", "-journal"):
        if os.path.exists(path + ending):
            os.unlink(path + ending)
    with closing(UsageIndex(path, folder)) as index:
        index.days("")
    return "the index of releases was made anew from the journal"


def _fault(path: str) -> str:
    """What SQLite finds wrong; "" for nothing."""
    try:
        with closing(_opened(path)) as connection:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as fault:
        return str(fault)
    return "" if said == "ok" else said


def _version(path: str) -> int:
    with closing(_opened(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _opened(path: str) -> sqlite3.Connection:
    from urllib.parse import quote

    writable = os.access(os.path.dirname(path), os.W_OK)  # a log beside the file needs a place
    return sqlite3.connect(f"file:{quote(path)}?mode=ro{'' if writable else '&immutable=1'}", uri=True, timeout=2.0)
