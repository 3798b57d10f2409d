"""The nearest file of a name: in the caller's folder or a parent.

The search ends at the root of the repository (the first folder that holds ``.git``, of whatever kind); outside a
repository at the last folder, going up, that belongs to the caller.
"""

import os
from typing import TYPE_CHECKING

from keybound.domain.values.readings import Absent, Unreadable
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot

if TYPE_CHECKING:
    from keybound.sources.caller import Caller


def nearest(name: str, caller: "Caller", snapshot: Snapshot) -> tuple[str, Content | Absent | Unreadable]:
    """Return the file's path and content; every nearer folder that has none is noted in the snapshot as absent.

    A nearer one that cannot be read is the answer: nothing farther stands in for it.
    """
    folders = _folders(caller, snapshot)
    for folder in folders:
        path = os.path.join(folder, name)
        content = snapshot.content(path)
        if not isinstance(content, Absent):
            return path, content
    return os.path.join(folders[0], name), Absent(f"there is no {name} between here and {folders[-1]}")


def _folders(caller: "Caller", snapshot: Snapshot) -> list[str]:
    folders = upwards(os.path.realpath(caller.cwd))
    for count, folder in enumerate(folders, 1):
        if marks_repository(folder, snapshot):
            return folders[:count]
    own = 1
    while own < len(folders) and _owner(folders[own]) == caller.uid:
        own += 1
    return folders[:own]


def upwards(folder: str) -> list[str]:
    """The folder and its parents, up to ``/``."""
    folders = [folder]
    while folders[-1] != os.path.dirname(folders[-1]):
        folders.append(os.path.dirname(folders[-1]))
    return folders


def marks_repository(folder: str, snapshot: Snapshot) -> bool:
    """Whether the folder holds ``.git``. The snapshot notes what to watch, so that either answer is looked at again."""
    path = os.path.join(folder, ".git")
    snapshot.content(os.path.join(path, "HEAD") if os.path.isdir(path) else path)
    return os.path.lexists(path)


def _owner(folder: str) -> int:
    try:
        return os.stat(folder).st_uid
    except OSError:
        return -1
