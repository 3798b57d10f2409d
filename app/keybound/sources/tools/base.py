"""What a tool's effective keys are read by. The tool is never started: its variables and files are taken in its own order.

Every variable and every file that has a say is asked for through the snapshot, absent ones too: that is what a hooked shell
compares and watches.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

from keybound.domain.text.sanitize import clean, shorten
from keybound.domain.values.readings import Absent, Origin, Reading, Unreadable, Value
from keybound.sources.caller import Caller
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError

DEFAULT = Origin()
_LONGEST = 300  # characters of a reason


class Answer(NamedTuple):
    """What the tool would use, and what set it."""

    reading: Reading
    origin: Origin = DEFAULT


class Tool(ABC):
    """Reads one tool's keys for one caller, once."""

    def __init__(self, caller: Caller, snapshot: Snapshot) -> None:
        self.caller = caller
        self.snapshot = snapshot

    def read(self, name: str) -> Answer:
        """Read a key; never raises. What the tool would refuse, or only it can tell, is unreadable."""
        try:
            return self._read(name)
        except ParseError as fault:
            return Answer(Unreadable(shorten(clean(str(fault)), _LONGEST)))
        except RecursionError:
            return Answer(Unreadable("its configuration is nested too deep"))

    @abstractmethod
    def _read(self, name: str) -> Answer:
        """Read a key. Raises ParseError, which says where, for what is unreadable."""

    def more_names(self) -> Iterable[str]:
        """Keys beyond those of the table that have a value here. Raises ParseError."""
        return ()

    def variable(self, name: str) -> str:
        """A variable's value; "" where it is not set."""
        return self.given(name) or ""

    def given(self, name: str) -> str | None:
        """A variable's value; None where it is not set, for tools to which an empty one is something else."""
        self.snapshot.variables.add(name)
        return self.caller.environ.get(name)

    def which(self, name: str) -> str:
        """The program that this name starts, by PATH, as it stands there. Raises ParseError where there is none."""
        for folder in self.variable("PATH").split(":"):
            path = os.path.join(self.caller.cwd, folder, name)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
        raise ParseError(f"{name} is not on PATH")

    def is_file(self, path: str) -> bool:
        """Whether there is a file of any kind but a folder; either answer is looked at again."""
        self.snapshot.content(path)
        return os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder; either answer is looked at again."""
        self.snapshot.content(path)
        return os.path.isdir(path)

    def from_here(self, path: str) -> str:
        """An absolute path, from the caller's folder."""
        return os.path.normpath(os.path.join(os.path.realpath(self.caller.cwd), path))

    @property
    def home(self) -> str:
        """The home folder. Raises ParseError where no absolute one is told."""
        found = self.variable("HOME")
        if not found.startswith("/"):
            raise ParseError("HOME is not set to an absolute path")
        return found

    def content(self, path: str) -> Content | None:
        """The file; None where there is none. Raises ParseError where it cannot be read."""
        if "\0" in path:
            raise ParseError("a path holds a null character")
        found = self.snapshot.content(path)
        if isinstance(found, Absent):
            return None
        if isinstance(found, Unreadable):
            raise ParseError(f"{path}: {found.why}")
        return found

    def text(self, path: str) -> str | None:
        """The file's text; None where there is none. Raises ParseError."""
        content = self.content(path)
        try:
            return None if content is None else decode(content.data)
        except ParseError as fault:
            raise ParseError(f"{path}: {fault}") from None

    def value(self, path: str, format_name: str) -> Value:
        """The file's values; None where there is none. Raises ParseError."""
        content = self.content(path)
        if content is None:
            return None
        found = self.snapshot.value(path, content, format_name)
        if isinstance(found, Unreadable):
            raise ParseError(f"{path}: {found.why}")
        return found
