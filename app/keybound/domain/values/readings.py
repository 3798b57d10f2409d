"""What a source returned for a key."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple, TypeAlias

Scalar: TypeAlias = str | bool | int | float | datetime | date | time | None
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value] | FileContent"


class FileContent(NamedTuple):
    """A whole file: its SHA-256 (hex), size in bytes, permission bits and owner."""

    digest: str
    size: int
    mode: int
    owner: int
    mine: bool  # the owner is the user who asks


class Found(NamedTuple):
    """The key has this value."""

    value: Value


class Absent(NamedTuple):
    """The source answered: there is no such key."""

    why: str = ""


class Unreadable(NamedTuple):
    """The source could not answer: half-written, no permission, no such format."""

    why: str


Reading: TypeAlias = Found | Absent | Unreadable


def changed(reading: Reading) -> Value:
    """What stands for a reading in a baseline: its value, or a mark for absent."""
    if isinstance(reading, Found):
        return reading.value
    return ["absent" if isinstance(reading, Absent) else "unreadable"]


class Origin(NamedTuple):
    """What set a tool's value: a variable, a file, or both (the variable chose what in the file counts); neither: a default.

    ``line`` counts from 1; 0 where it is not known.
    """

    variable: str = ""
    path: str = ""
    line: int = 0


class Read(NamedTuple):
    """A reading with where it came from.

    ``path``: the file it was read from ("" for most context keys). ``changed_ns``: ctime of that file, or of its folder
    where the file is absent; None where no file is behind it. ``resolved``: the file after links were followed.
    """

    reading: Reading
    path: str = ""
    changed_ns: int | None = None
    resolved: str = ""
    origin: Origin | None = None
