"""Allow and deny project files."""

import os

from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.shell_state.project import (
    ALLOWED,
    PROJECT,
    allowed_profile,
    approval_name,
    nearest_project,
    read_project,
)
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.profile.config import PROJECT as SHAPE
from keybound.domain.profile.shapes import TableError
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.git.git_repository import Repository, find_repository
from keybound.sources.profile_text import profile_fault, read_profile_table
from keybound.stores.atomic import write_atomic
from keybound.stores.generation import touch
from keybound.stores.private_dir import make_private_dir


def allow(context: Context, folder: str) -> tuple[str, str]:
    """Allow the project file of a folder as it is now; return its path and its profile.

    Raises NotFoundError where there is none, or its profile is none of this home's; BadInputError where it cannot be read.
    """
    path, content = _found(folder)
    profile = project_profile(path, content)
    Library(context.home).page(profile)
    _remember(context, path, content, profile)
    touch(context.home.generation)
    return path, profile


def deny(context: Context, folder: str) -> str:
    """Take the approval of a folder's project file back; return its path. Raises NotFoundError, BadInputError."""
    path, content = _found(folder)
    for name in (_shared_name(path, content), approval_name(os.path.realpath(path), content)):
        if os.path.exists(_approval(context, name)):
            os.unlink(_approval(context, name))
    touch(context.home.generation)
    return path


def project_in_use(context: Context, path: str) -> str:
    """The profile of this project file, "" where it is not allowed. Raises BadInputError where it cannot be read.

    Worktrees of one repository share the approval of the same content.
    """
    content = _read(path)
    profile = allowed_profile(context.home.state, path, content)
    if not profile and os.path.exists(_approval(context, _shared_name(path, content))):
        profile = project_profile(path, content)
        _remember(context, path, content, profile)
    return profile


def project_profile(path: str, content: bytes) -> str:
    """The profile that a project file names. Raises BadInputError with file, line and reason."""
    text = content.decode("utf-8", "replace")
    table = read_profile_table(text, path)
    try:
        SHAPE.check((), table)
    except TableError as fault:
        raise profile_fault(path, text, fault.keypath, fault.what, fault.hint) from None
    return str(table["profile"])


def _found(folder: str) -> tuple[str, bytes]:
    path = nearest_project(folder)
    if not path:
        raise NotFoundError(
            f"no {PROJECT} in {folder} or its parent folders", hint='Create one that says: profile = "NAME"'
        )
    return path, _read(path)


def _read(path: str) -> bytes:
    try:
        return read_project(path)
    except OSError as fault:
        raise BadInputError((fault.strerror or "it cannot be read").lower(), where=path) from None


def _remember(context: Context, path: str, content: bytes, profile: str) -> None:
    make_private_dir(context.home.state)
    make_private_dir(os.path.join(context.home.state, ALLOWED))
    shared = _shared_name(path, content)
    write_atomic(_approval(context, shared), b"")
    write_atomic(_approval(context, approval_name(os.path.realpath(path), content)), f"{profile}\n{shared}\n".encode())


def _approval(context: Context, name: str) -> str:
    return os.path.join(context.home.state, ALLOWED, name)


def _shared_name(path: str, content: bytes) -> str:
    """The approval that all worktrees of a repository share, by the place within it; else by the real path."""
    real = os.path.realpath(path)
    found = find_repository(os.path.dirname(real), Snapshot())
    if isinstance(found, Repository):
        return approval_name(f"{found.common_dir}\0{os.path.relpath(real, found.root)}", content)
    return approval_name(f"\0{real}", content)
