"""Which repository a folder belongs to, told from its own files; git is never started.

A ``.git`` file, or a link, only claims that the folder belongs to a repository. It is believed where that repository says
so too: a worktree's ``gitdir`` file, or ``core.worktree`` (submodules), leads back to the folder.
"""

import os
import stat
from typing import NamedTuple

from keybound.domain.values.readings import Absent, Unreadable
from keybound.sources.files.nearest_file import marks_repository, upwards
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.git import settings
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError


class Repository(NamedTuple):
    """A worktree's root, its own git folder, and the one that all worktrees share; all without links.

    ``owned``: the paths whose owner decides whether the repository is the caller's.
    """

    root: str
    git_dir: str
    common_dir: str
    owned: tuple[str, ...]


def find_repository(cwd: str, snapshot: Snapshot) -> Repository | Absent | Unreadable:
    """The repository of the folder or its nearest parent that has one, within one file system.

    Unreadable: bare, broken, or only claimed. ``GIT_DIR`` and its like are ignored.
    """
    folders = upwards(os.path.realpath(cwd))
    device = _device(folders[0])
    for folder in folders:
        if _device(folder) != device:
            break
        if marks_repository(folder, snapshot):
            return _repository(folder, snapshot)
        if _looks_bare(folder):
            return Unreadable(f"{folder} is a bare repository, or the inside of one")
    return Absent("this is not in a git repository")


def _repository(root: str, snapshot: Snapshot) -> Repository | Unreadable:
    path = os.path.join(root, ".git")
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return Unreadable(f"{path} changed while it was read")
    if stat.S_ISDIR(mode):
        return _checked(Repository(root, path, path, (root, path)), snapshot)
    if stat.S_ISLNK(mode) and os.path.isdir(path):
        return _claimed(root, os.path.realpath(path), snapshot)
    content = snapshot.content(path)
    text = content.data.decode("utf-8", "surrogateescape") if isinstance(content, Content) else ""
    if not text.startswith("gitdir: ") or "\0" in text:
        return Unreadable(f"{path} is neither a git folder nor a link to one")
    return _claimed(root, os.path.realpath(os.path.join(root, text[8:].rstrip("\r\n"))), snapshot)


def _claimed(root: str, git_dir: str, snapshot: Snapshot) -> Repository | Unreadable:
    link = os.path.join(root, ".git")
    common = _line(os.path.join(git_dir, "commondir"), snapshot)
    if common is None:
        found = Repository(root, git_dir, git_dir, (root, link, git_dir))
        back = _worktree_of(found, snapshot)
    else:
        shared = os.path.realpath(os.path.join(git_dir, common))
        found = Repository(root, git_dir, shared, (root, link, git_dir, shared))
        within = os.path.dirname(git_dir) == os.path.join(shared, "worktrees")
        back = os.path.dirname(_line(os.path.join(git_dir, "gitdir"), snapshot) or "") if within else ""
    if not back or os.path.realpath(os.path.join(git_dir, back)) != root:
        return Unreadable(f"{link} leads to {git_dir}, which does not know this folder (git worktree repair)")
    return _checked(found, snapshot)


def _checked(found: Repository, snapshot: Snapshot) -> Repository | Unreadable:
    if found.git_dir == found.common_dir and os.path.lexists(os.path.join(found.git_dir, "commondir")):
        return Unreadable(f"{found.git_dir} claims to be a worktree of another repository")
    if not isinstance(snapshot.content(os.path.join(found.git_dir, "HEAD")), Content):
        return Unreadable(f"{found.git_dir} has no HEAD that can be read")
    if not all(os.path.isdir(os.path.join(found.common_dir, name)) for name in ("objects", "refs")):
        return Unreadable(f"{found.common_dir} is not a git folder")
    return found


def _worktree_of(found: Repository, snapshot: Snapshot) -> str:
    content = snapshot.content(os.path.join(found.common_dir, "config"))
    try:
        data = decode(content.data) if isinstance(content, Content) else ""
        values = [str(one.value) for one in settings(data) if one.path == ("core", "worktree")]
    except ParseError:
        return ""
    return values[-1] if values else ""


def _line(path: str, snapshot: Snapshot) -> str | None:
    content = snapshot.content(path)
    if not isinstance(content, Content) or b"\0" in content.data:
        return None
    return content.data.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _looks_bare(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "HEAD")) and all(
        os.path.isdir(os.path.join(folder, name)) for name in ("objects", "refs")
    )


def _device(folder: str) -> int:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return -1
