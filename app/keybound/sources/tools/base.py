"""What a tool's effective keys are read by. The tool is never started: its variables and files are taken in its own order.

Every file that has a say is asked for through the snapshot, absent ones too: that is what a hooked shell watches.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from keybound.domain.values.readings import Absent, Origin, Reading, Unreadable, Value
from keybound.sources.caller import Caller
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError

DEFAULT = Origin()


class Answer(NamedTuple):
    """What the tool would use, and what set it."""

    reading: Reading
    origin: Origin = DEFAULT


class Tool(ABC):
    """Reads one tool's keys for one caller, once."""

    VARIABLES: ClassVar[frozenset[str]]  # what decides, whichever key it is

    def __init__(self, caller: Caller, snapshot: Snapshot) -> None:
        self.caller = caller
        self.environ = caller.environ
        self.snapshot = snapshot

    @classmethod
    def variables(cls, name: str) -> frozenset[str]:
        """The variables that decide the key of this name: a hooked shell compares them."""
        return cls.VARIABLES

    def read(self, name: str) -> Answer:
        """Read a key; never raises. What the tool would refuse, or only it can tell, is unreadable."""
        try:
            return self._read(name)
        except ParseError as fault:
            return Answer(Unreadable(str(fault)))
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
        return self.environ.get(name, "")

    @property
    def home(self) -> str:
        """The home folder. Raises ParseError where no absolute one is told."""
        found = self.variable("HOME")
        if not found.startswith("/"):
            raise ParseError("HOME is not set to an absolute path")
        return found

    def content(self, path: str) -> Content | None:
        """The file; None where there is none. Raises ParseError where it cannot be read."""
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
