"""git's configuration as it is in force at one place: system, user, repository, worktree; includes followed.

A later setting wins, as in git. Include conditions are ``gitdir``, ``gitdir/i``, ``onbranch`` and
``hasconfig:remote.*.url``; any other condition, and what cannot be read, is a fault of the whole: what git would see then
is not known.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from keybound.domain.values.readings import Absent, Unreadable
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.git import Setting, settings
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError

_MOST_LEVELS = 10  # as git
_MOST_FILES = 200
_REMOTE_URL = "hasconfig:remote.*.url:"


class Place(NamedTuple):
    """Where the caller stands: ``git_dir`` without links and ``branch`` are "" where there is none."""

    home: str
    git_dir: str = ""
    branch: str = ""


def read_settings(paths: Sequence[str], place: Place, snapshot: Snapshot) -> list[Setting]:
    """Return the settings of all ``paths``, least first, includes in their places. Raises ParseError."""
    first = _Layers(place, snapshot, ())
    found = first.read(paths)
    if not first.asked_for_urls:
        return found
    urls = tuple(str(one.value) for one in _Layers(place, snapshot, None).read(paths) if _is_remote_url(one))
    return _Layers(place, snapshot, urls).read(paths)


def _is_remote_url(setting: Setting) -> bool:
    return setting.section == "remote" and setting.name == "url" and bool(setting.subsection)


class _Layers:
    """``urls``: of the remotes; None while they are gathered: then git takes every ``hasconfig`` for true, and allows no URL
    in a file that is included on a condition.
    """

    def __init__(self, place: Place, snapshot: Snapshot, urls: Sequence[str] | None) -> None:
        self._place = place
        self._snapshot = snapshot
        self._urls = urls
        self._files = 0
        self.asked_for_urls = False

    def read(self, paths: Sequence[str]) -> list[Setting]:
        return [setting for path in paths for setting in self._file(path, 0)]

    def _file(self, path: str, depth: int, conditional: bool = False) -> Iterator[Setting]:
        self._files += 1
        if depth > _MOST_LEVELS:
            raise ParseError(f"{path}: includes are nested over {_MOST_LEVELS} levels deep")
        if self._files > _MOST_FILES:
            raise ParseError(f"{path}: over {_MOST_FILES} files are included")
        content = self._snapshot.content(path)
        if isinstance(content, Absent):
            return
        if isinstance(content, Unreadable):
            raise ParseError(f"{path}: {content.why}")
        try:
            found = list(settings(decode(content.data)))
        except ParseError as fault:
            raise ParseError(f"{path}: {fault}") from None
        for setting in found:
            if conditional and self._urls is None and _is_remote_url(setting):
                raise ParseError(f"{path}: git allows no remote's url here, because a condition asks for them")
            yield setting
            if setting.name == "path" and self._included(setting, path):
                only_if = conditional or setting.section == "includeif"
                yield from self._file(self._path(str(setting.value), path), depth + 1, only_if)

    def _included(self, setting: Setting, path: str) -> bool:
        if setting.section == "include":
            return setting.subsection is None
        return setting.section == "includeif" and self._holds(setting.subsection or "", path)

    def _path(self, written: str, path: str) -> str:
        if written.startswith("~/") and self._place.home:
            written = os.path.join(self._place.home, written[2:])
        elif written.startswith(("~", "%(")):
            raise ParseError(f"{path}: the include of {written} is not followed")
        return os.path.join(os.path.dirname(path), written)

    def _holds(self, condition: str, path: str) -> bool:
        place = self._place
        if condition.startswith("gitdir:"):
            return matches_glob(self._folder(condition[7:], path), place.git_dir)
        if condition.startswith("gitdir/i:"):
            return matches_glob(self._folder(condition[9:], path), place.git_dir, any_case=True)
        if condition.startswith("onbranch:"):
            pattern = condition[9:]
            return matches_glob(f"{pattern}**" if pattern.endswith("/") else pattern, place.branch)
        if condition.startswith(_REMOTE_URL):
            self.asked_for_urls = True
            return self._urls is None or any(matches_glob(condition[len(_REMOTE_URL) :], url) for url in self._urls)
        raise ParseError(f"{path}: unknown condition {condition}")

    def _folder(self, pattern: str, path: str) -> str:
        if pattern.startswith("~/"):
            pattern = os.path.realpath(self._place.home) + pattern[1:]
        elif pattern.startswith("./"):
            pattern = os.path.dirname(os.path.realpath(path)) + pattern[1:]
        elif not pattern.startswith("/"):
            pattern = f"**/{pattern}"
        return f"{pattern}**" if pattern.endswith("/") else pattern


def matches_glob(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether git's glob matches the whole of ``text``, which "" never does. Raises ParseError for brackets."""
    import re2

    if not text:
        return False
    if "[" in pattern:
        raise ParseError(f"unsupported pattern {pattern}")
    source = "".join(_regex(part, pattern, at) for part, at in _parts(pattern))
    try:
        return re2.fullmatch(f"(?s{'i' if any_case else ''}){source}", text) is not None
    except (re2.error, UnicodeEncodeError):
        raise ParseError(f"unsupported pattern {pattern}") from None


def _parts(pattern: str) -> list[tuple[str, int]]:
    return [(found.group(), found.start()) for found in re.finditer(r"\*+/?|\?|\\.|[^*?\\]+|\\", pattern)]


def _regex(part: str, pattern: str, at: int) -> str:
    if part == "?":
        return "[^/]"
    if part[0] != "*":
        return re.escape(part[1:] if part[0] == "\\" else part)
    end = at + len(part)
    whole = part.startswith("**") and (at == 0 or pattern[at - 1] == "/") and (part[-1] == "/" or end == len(pattern))
    if whole:
        return "(?:.*/)?" if part[-1] == "/" else ".*"
    return "[^/]*" + ("/" if part[-1] == "/" else "")
