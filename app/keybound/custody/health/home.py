"""Whether the home is there, whole, one's own and writable."""

import os
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok, warn


def home(context: Context) -> list[Finding]:
    """Its three folders."""
    found = context.home
    three = (found.config, found.data, found.state)
    folders = [folder for folder in three if os.path.lexists(folder)]
    if not folders:
        return [warn(f"there is no home yet in {found.config}", "Run: keybound init")]
    faults = [*_of_another(context), *(fault for folder in (*folders, found.profiles) for fault in _folder(folder))]
    return faults or [ok(", ".join(folders))]


def _of_another(context: Context) -> Iterator[Finding]:
    if made_as := context.home.made_as:
        yield fail(
            f"the state in {context.home.state} belongs to the home {made_as}, not to {context.home.config}",
            f"If the home was moved, run: keybound adopt --from {made_as}. If they are two homes, give each its own "
            "XDG_STATE_HOME.",
        )


def is_read_only(folder: str) -> bool:
    """Whether its file system is mounted so: said once, of the home."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _folder(folder: str) -> Iterator[Finding]:
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        broken = os.path.islink(folder) and not os.path.exists(folder)
        why = "is a broken link" if broken else "is not a folder"
        yield fail(f"{folder} {why}", f"Move it away: mv {folder} {folder}.old")
        return
    owner = os.stat(folder).st_uid
    if owner != os.geteuid():
        yield fail(
            f"{folder} belongs to the user with ID {owner}, not to you",
            f"Run keybound as that user, or take the folder over: sudo chown -R $(id -u) {folder}",
        )
    elif is_read_only(folder):
        yield fail(
            f"{folder} lies on a file system that is mounted read-only", "Mount it writable: nothing is released now."
        )
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fail(f"you may not read and write {folder}", f"Run: chmod u+rwx {folder}")
