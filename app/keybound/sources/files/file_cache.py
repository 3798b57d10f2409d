"""Files as a long-lived process remembers them: read again only where the file is another, or was written to."""

import os
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from keybound.domain.guard.guard import SETTLE_NS
from keybound.domain.values.readings import Absent, Unreadable, Value
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot

MOST_BYTES = 256 * 1024  # larger files are read each time
Identity: TypeAlias = tuple[int, ...]


class Kept(NamedTuple):
    """A file as it was read, and what it was then. ``values``: what was parsed from it, by the
    format that was given, once somebody asked.
    """

    identity: Identity
    content: Content
    values: "Mapping[str, Value | Unreadable]" = MappingProxyType({})


Files: TypeAlias = dict[str, Kept]


def identity(path: str) -> Identity | None:
    """What another file, or another content of the same file, does not have; None where there is none.

    Device, inode, size, mtime, ctime, mode and owner: the kernel moves the ctime at every write, link and rename, and no
    program can set it back.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    times = (found.st_mtime_ns, found.st_ctime_ns)
    return (found.st_dev, found.st_ino, found.st_size, *times, found.st_mode, found.st_uid)


def rested(ctime_ns: int) -> bool:
    """Whether a file written to again would have another ctime: clocks of file systems tick coarsely."""
    return time.time_ns() - ctime_ns >= SETTLE_NS


class RememberingSnapshot(Snapshot):
    """A snapshot that takes files from ``kept`` while they are what they were. ``moved``: the paths that were read anew.

    Not remembered: what is absent, unreadable, large, reached through a link, or has not rested.
    """

    def __init__(self, kept: Files) -> None:
        super().__init__()
        self._kept = kept
        self.moved: set[str] = set()

    def content(self, path: str) -> Content | Absent | Unreadable:
        """The file's bytes."""
        if path in self._contents:
            return self._contents[path]
        before = identity(path)
        kept = self._kept.get(path)
        if kept is not None and kept.identity == before:
            self._contents[path] = kept.content
            return kept.content
        self.moved.add(path)
        self._kept.pop(path, None)
        content = super().content(path)
        if isinstance(content, Content) and before is not None and _keeps(path, content, before):
            self._kept[path] = Kept(before, content)
        return content

    def value(self, path: str, content: Content, format_name: str = "") -> "Value | Unreadable":
        """The file's values, or why it has none."""
        kept = self._kept.get(path)
        if kept is None or kept.content is not content:
            return super().value(path, content, format_name)
        if format_name not in kept.values:
            values = {**kept.values, format_name: super().value(path, content, format_name)}
            self._kept[path] = kept = kept._replace(values=values)
        return kept.values[format_name]


def _keeps(path: str, content: Content, before: Identity) -> bool:
    plain = content.resolved == path and len(content.data) <= MOST_BYTES
    return plain and rested(content.ctime_ns) and identity(path) == before
