"""Files as they were at one look."""

import os
from collections.abc import Callable, Mapping

from keybound.domain.values.readings import Absent, Unreadable, Value
from keybound.sources.files.links import hops
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.formats.reading import parse
from keybound.sources.parse_fault import ParseError


class Snapshot:
    """Files as they were at one look: each is opened once and parsed once; and the variables that had a say in which.

    ``stand_ins``: path → the path that is read in its place, for a plan.
    """

    def __init__(self, stand_ins: Mapping[str, str] | None = None) -> None:
        self._stand_ins = stand_ins or {}
        self._contents: dict[str, Content | Absent | Unreadable] = {}
        self._values: dict[tuple[str, str], Value | Unreadable] = {}
        self._before: dict[str, int | None] = {}
        self.variables: set[str] = set()  # what tools were looked up by

    def content(self, path: str) -> Content | Absent | Unreadable:
        """The file's bytes."""
        if path not in self._contents:
            self._before[path] = _mtime(path)
            self._contents[path] = open_once(self._stand_ins.get(path, path))
        return self._contents[path]

    def value(self, path: str, content: Content, format_name: str = "") -> "Value | Unreadable":
        """The file's values, or why it has none. ``format_name``: the format that was given, "" for none."""
        key = (path, format_name)
        if key not in self._values:
            try:
                self._values[key] = parse(path, content.data, format_name)
            except ParseError as fault:
                self._values[key] = Unreadable(str(fault))
        return self._values[key]

    def contents(self) -> Mapping[str, Content | Absent | Unreadable]:
        """Every path that was read, with what was found there."""
        return self._contents

    def files(self) -> dict[str, int | None]:
        """Every path that was asked for, every link on its way and both ends, with its mtime in ns; None where absent."""
        found = self.mtimes()
        for path, content in self._contents.items():
            if _is_linked(path, content):
                for hop in hops(path):
                    found.setdefault(hop, found[path])
        return found

    def mtimes(self) -> dict[str, int | None]:
        """Every path that was asked for, with the mtime in ns of what it leads to; None where absent."""
        return {path: self._mtime_of(path, content) for path, content in self._contents.items()}

    def leads_elsewhere(self, end: Callable[[str], str]) -> bool:
        """Whether a path leads elsewhere than to what was read there. ``end``: where it leads."""
        read = {path: one.resolved for path, one in self._contents.items() if isinstance(one, Content)}
        return any(end(path).lstrip("/") != resolved.lstrip("/") for path, resolved in read.items())

    def _mtime_of(self, path: str, content: Content | Absent | Unreadable) -> int | None:
        if isinstance(content, Absent):
            return None
        return content.mtime_ns if isinstance(content, Content) else self._before[path]


def _is_linked(path: str, content: Content | Absent | Unreadable) -> bool:
    return content.resolved != path if isinstance(content, Content) else os.path.islink(path)


def _mtime(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except (OSError, ValueError):
        return None
