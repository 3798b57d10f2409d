"""What git says of a repository: which files it tracks, which it ignores, and all content that it ever had.

git is run with no settings that start another program, and with none of the caller's variables that name a repository.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

_SETTINGS = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.quotePath=false", "log.showSignature=false")
_QUIET = tuple(word for setting in _SETTINGS for word in ("-c", setting))
_PIECE = 64 * 1024 * 1024  # bytes of content that are held at once
# of a partial clone, nothing is fetched: how, its configuration says, which may name a program
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}


class GitError(Exception):
    """git is not installed, or refuses: its message says why."""


class Blob(NamedTuple):
    """A file's content at some time; ``path``: a name that it had, its own name where no commit has it."""

    name: str
    path: str
    data: bytes


def repository_of(path: str) -> str | None:
    """The folder of the repository that a file or folder lies in."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        if folder == (folder := os.path.dirname(folder)):
            return None
    return folder


def tracked_files(repository: str) -> set[str]:
    """The paths of all files that are tracked. Raises GitError."""
    names = _asked(repository, ["ls-files", "-z"]).split(b"\0")
    return {os.path.join(repository, os.fsdecode(name)) for name in names if name}


def ignored_files(repository: str, paths: Sequence[str]) -> set[str]:
    """Those of ``paths`` that the repository ignores. Raises GitError."""
    given = b"\0".join(os.fsencode(path) for path in paths)
    answer = _asked(repository, ["check-ignore", "-z", "--stdin"], given, also=1)  # 1: none is ignored
    return {os.fsdecode(name) for name in answer.split(b"\0") if name}


def all_blobs(repository: str, largest: int) -> Iterator[Blob]:
    """Every content of up to ``largest`` bytes that the repository holds, reachable or not; each once. Raises GitError."""
    paths = _names(repository)
    listed = _asked(repository, ["cat-file", "--batch-all-objects", "--unordered", "--batch-check"])
    rows = [line.split() for line in listed.splitlines()]
    sizes = {name: int(size) for name, kind, size in rows if kind == b"blob" and int(size) <= largest}
    for names in _pieces(sizes):
        answer = _asked(repository, ["cat-file", "--batch"], b"\n".join(names) + b"\n")
        for name, data in _contents(answer):
            yield Blob(name, paths.get(name, name), data)


def _pieces(sizes: Mapping[bytes, int]) -> Iterator[list[bytes]]:
    """Names whose contents together are of bounded size."""
    piece: list[bytes] = []
    held = 0
    for name, size in sizes.items():
        if piece and held + size > _PIECE:
            yield piece
            piece, held = [], 0
        piece.append(name)
        held += size
    if piece:
        yield piece


def commit_of(repository: str, blob: str) -> str | None:
    """The first commit that has a content. Raises GitError."""
    found = _asked(repository, ["log", "--all", "--reverse", "--format=%H", f"--find-object={blob}"]).split()
    return found[0].decode() if found else None


def _names(repository: str) -> dict[str, str]:
    lines = _asked(repository, ["rev-list", "--all", "--objects", "--missing=allow-any"]).split(b"\n")
    parts = (line.partition(b" ") for line in lines)
    return {name.decode(): os.fsdecode(path) for name, _, path in parts if path}


def _contents(answer: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        name, _, size = answer[at:end].split()
        start = end + 1
        at = start + int(size) + 1
        yield name.decode(), answer[start : at - 1]


def _asked(repository: str, words: Sequence[str], given: bytes = b"", *, also: int = 0) -> bytes:
    """What git prints. ``also``: another exit status that is no failure. Raises GitError."""
    program = shutil.which("git")
    if program is None:
        raise GitError("git is not installed")
    command = [program, "-C", repository, *_QUIET, *words]
    done = subprocess.run(command, input=given, capture_output=True, check=False, env=_environment(os.environ))
    if done.returncode not in (0, also):
        raise GitError(
            done.stderr.decode(errors="replace").strip().partition("\n")[0] or f"exit status {done.returncode}"
        )
    return done.stdout


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    own = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    return own | _ENVIRONMENT
