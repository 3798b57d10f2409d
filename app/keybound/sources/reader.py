"""Read keys: each file once, each key to a reading."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from keybound.domain.text.digests import sha256
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import CARRIED, Key
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Reading, Unreadable, Value
from keybound.domain.values.walk import walk
from keybound.sources.caller import Caller
from keybound.sources.files.links import rested_since
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot

if TYPE_CHECKING:
    from keybound.sources.git.git_keys import GitReader
    from keybound.sources.tools.base import Tool


def read_keys(
    keys: Iterable[Key],
    *,
    profile_data: Mapping[str, Value],
    profile_path: str,
    profile_changed_ns: int | None,
    files: Mapping[str, str],
    caller: Caller,
    snapshot: Snapshot,
    formats: Mapping[str, str] | None = None,
) -> dict[Key, Read]:
    """Read every key now. ``files`` maps the names in ``[files]`` to absolute paths, ``formats`` to formats given."""
    found = {}
    context = _Context(caller, snapshot)
    for key in keys:
        if key.kind == "profile":
            found[key] = Read(walk(profile_data, key.path), profile_path, profile_changed_ns)
        elif key.kind == "file":
            found[key] = _file(key, files, formats or {}, caller, snapshot)
        elif key.kind == CARRIED:
            found[key] = Read(Unreadable("each token has its own: keybound show TOKEN"))
        else:
            found[key] = context.read(key)
    return found


class _Context:
    """Reads what belongs to the caller: variables, folder, the files near it, its repository, what its tools would use."""

    def __init__(self, caller: Caller, snapshot: Snapshot) -> None:
        self._caller = caller
        self._snapshot = snapshot
        self._git: GitReader | None = None
        self._tools: dict[str, Tool] = {}

    def read(self, key: Key) -> Read:
        caller = self._caller
        if key.kind == "env":
            there = key.name in caller.environ
            return Read(Found(caller.environ[key.name]) if there else Absent("it is not set"))
        if key.kind == "cwd":
            return Read(Found(os.path.realpath(caller.cwd)))
        if key.kind == "here":
            return self._here(key)
        if key.kind in TOOLS:
            reading, origin = self._tool(key.kind).read(key.name)
            return Read(reading, origin.path, origin=origin)
        return Read(self._repository().read(key.name))

    def _here(self, key: Key) -> Read:
        from keybound.sources.files.nearest_file import nearest

        path, content = nearest(key.name, self._caller, self._snapshot)
        if not isinstance(content, Content):
            return Read(content, path)
        return Read(_in_file(key, path, content, self._caller, self._snapshot), path, None, content.resolved)

    def _repository(self) -> "GitReader":
        if self._git is None:
            from keybound.sources.git.git_keys import GitReader

            self._git = GitReader(self._caller.environ, self._caller.cwd, self._caller.uid, self._snapshot)
        return self._git

    def _tool(self, name: str) -> "Tool":
        if name not in self._tools:
            from keybound.sources.tools.registry import get_tool

            self._tools[name] = get_tool(name)(self._caller, self._snapshot)
        return self._tools[name]


def _file(key: Key, files: Mapping[str, str], formats: Mapping[str, str], caller: Caller, snapshot: Snapshot) -> Read:
    if key.name not in files:
        return Read(Unreadable(f"[files] has no file named {key.name}"))
    path = files[key.name]
    content = snapshot.content(path)
    if isinstance(content, Unreadable):
        return Read(content, path, None)
    if isinstance(content, Absent):
        return Read(content, path, rested_since(path))
    read = _in_file(key, path, content, caller, snapshot, formats.get(key.name, ""))
    return Read(read, path, content.ctime_ns, content.resolved)


def _in_file(
    key: Key, path: str, content: Content, caller: Caller, snapshot: Snapshot, format_name: str = ""
) -> Reading:
    if not key.path:
        digest = sha256(content.data).hexdigest()
        return Found(FileContent(digest, len(content.data), content.mode, content.owner, content.owner == caller.uid))
    value = snapshot.value(path, content, format_name)
    return value if isinstance(value, Unreadable) else walk(value, key.path)
