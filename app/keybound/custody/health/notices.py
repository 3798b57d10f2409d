"""Whether the kernel tells of changed files; without that they are looked at every few seconds."""

import sys
from contextlib import closing

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.sources.files.notices import Notices
from keybound.sources.files.watch import POLL_SECONDS


def notices(context: Context) -> list[Finding]:
    """Tried with the home's own folders."""
    if sys.platform != "linux":
        return [ok("the system tells of changed files")]
    home = context.home
    with closing(Notices([home.settings, home.policy, home.profiles, home.generation])) as found:
        if found.descriptor < 0:
            return [_limit("too many programs of yours watch files", "max_user_instances", 512)]
        if found.full:
            return [_limit("too many folders are watched", "max_user_watches", 524288)]
    return [ok("the kernel tells of changed files")]


def _limit(why: str, name: str, value: int) -> Finding:
    return warn(
        f"{why}, so changed files are looked at every {POLL_SECONDS:g} s",
        f"Raise the limit: sudo sysctl fs.inotify.{name}={value}",
    )
