"""What killed processes left lying about."""

import os
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.context.home import Home
from keybound.custody.envelopes.tidy import left_by_killed_writers, tidy
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.shell_state.markers import of_gone_shells, sweep
from keybound.domain.text.counts import plural
from keybound.stores.lock import exclusive_in_turn

_FIX = "Remove them: keybound doctor --fix"


def leftovers(context: Context) -> list[Finding]:
    """Temporary files, stamps of shells that are gone, and damaged files that were set aside."""
    return [*_found(context.home)] or [ok("killed processes left nothing")]


def _found(home: Home) -> Iterator[Finding]:
    hooks = os.path.join(home.state, "hooks")
    if files := left_by_killed_writers(home):
        yield warn(
            f"killed processes left {plural(len(files), 'temporary file')}: {files[0]}", _FIX, lambda: _tidied(home)
        )
    if gone := of_gone_shells(hooks):
        yield warn(f"{plural(len(gone), 'shell')} that ended left stamps in {hooks}", _FIX, lambda: _swept(hooks))
    for path in _set_aside(home):
        yield warn(
            f"{path} was damaged, and set aside", f"Look at it, and remove it when you need it no more: rm {path}"
        )


def _tidied(home: Home) -> str:
    with exclusive_in_turn(home.lock):
        return f"{plural(tidy(home), 'temporary file')} removed"


def _swept(hooks: str) -> str:
    gone = of_gone_shells(hooks)
    sweep(hooks)
    return f"stamps of {plural(len(gone), 'shell')} removed"


def _set_aside(home: Home) -> list[str]:
    folders = (home.state, home.waiting, os.path.join(home.state, "journal"))
    found = [entry.path for folder in folders if os.path.isdir(folder) for entry in os.scandir(folder)]
    return sorted(path for path in found if ".broken" in os.path.basename(path) and not path.endswith(("-wal", "-shm")))
