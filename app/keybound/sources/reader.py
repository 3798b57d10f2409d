"""Read keys: each file once, each key to a reading."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from keybound.domain.digests import sha256
from keybound.domain.keys import Key
from keybound.domain.readings import Absent, FileContent, Found, Read, Reading, Unreadable, Value
from keybound.domain.walk import walk
from keybound.sources.formats import parse
from keybound.sources.links import rested_since
from keybound.sources.open_file import Content, open_once
from keybound.sources.parse_fault import ParseFault


class Asker(NamedTuple):
    """Whoever asks: context keys are read from here."""

    environ: Mapping[str, str]
    cwd: str
    uid: int


class Snapshot:
    """Files as they were at one look: each is opened once and parsed once.

    ``stand_ins``: path → the path that is read in its place, for a plan.
    """

    def __init__(self, stand_ins: Mapping[str, str] | None = None) -> None:
        self._stand_ins = stand_ins or {}
        self._contents: dict[str, Content | Absent | Unreadable] = {}
        self._values: dict[str, Value | Unreadable] = {}

    def content(self, path: str) -> Content | Absent | Unreadable:
        """The file's bytes."""
        if path not in self._contents:
            self._contents[path] = open_once(self._stand_ins.get(path, path))
        return self._contents[path]

    def value(self, path: str, content: Content) -> "Value | Unreadable":
        """The file's values, or why it has none."""
        if path not in self._values:
            try:
                self._values[path] = parse(path, content.data)
            except ParseFault as fault:
                self._values[path] = Unreadable(str(fault))
        return self._values[path]

    def contents(self) -> Mapping[str, Content | Absent | Unreadable]:
        """Every path that was read, with what was found there."""
        return self._contents

    def files(self) -> dict[str, int | None]:
        """Every path that was read, both ends of links, with its mtime in ns; None where it was absent."""
        found: dict[str, int | None] = {}
        for path, content in self._contents.items():
            found[path] = content.mtime_ns if isinstance(content, Content) else None
            if isinstance(content, Content) and content.resolved != path:
                found[content.resolved] = content.mtime_ns
        return found


def read_keys(
    keys: Iterable[Key],
    *,
    profile_data: Mapping[str, Value],
    profile_path: str,
    profile_changed_ns: int | None,
    files: Mapping[str, str],
    asker: Asker,
    snapshot: Snapshot,
) -> dict[Key, Read]:
    """Read every key now. ``files`` maps the names in ``[files]`` to absolute paths."""
    found = {}
    for key in keys:
        if key.kind == "profile":
            found[key] = Read(walk(profile_data, key.path), profile_path, profile_changed_ns)
        elif key.kind == "file":
            found[key] = _file(key, files, asker, snapshot)
        else:
            found[key] = Read(_context(key, asker))
    return found


def _context(key: Key, asker: Asker) -> Reading:
    if key.kind == "env":
        return Found(asker.environ[key.name]) if key.name in asker.environ else Absent("it is not set")
    if key.kind == "cwd":
        return Found(os.path.realpath(asker.cwd))
    return Unreadable(f"this version does not read {key.kind}: keys")


def _file(key: Key, files: Mapping[str, str], asker: Asker, snapshot: Snapshot) -> Read:
    if key.name not in files:
        return Read(Unreadable(f"no file is called {key.name} in [files]"))
    path = files[key.name]
    content = snapshot.content(path)
    if isinstance(content, Unreadable):
        return Read(content, path, None)
    if isinstance(content, Absent):
        return Read(content, path, rested_since(path))
    return Read(_in_file(key, path, content, asker, snapshot), path, content.ctime_ns, content.resolved)


def _in_file(key: Key, path: str, content: Content, asker: Asker, snapshot: Snapshot) -> Reading:
    if not key.path:
        digest = sha256(content.data).hexdigest()
        return Found(FileContent(digest, len(content.data), content.mode, content.owner, content.owner == asker.uid))
    value = snapshot.value(path, content)
    return value if isinstance(value, Unreadable) else walk(value, key.path)
