"""What such a file is: its format, and where in its values secrets stand."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value

Names = tuple[str, ...]


class PlainSecret(NamedTuple):
    """A secret in clear.

    ``keys``: the names that lead to it in the file; ``provider``: whose it is, "" where the file does not tell; ``host`` and
    ``user``: for whom, "" likewise; ``written``: the text that holds it in the file, where that is another.
    """

    keys: Names
    secret: Secret
    provider: str = ""
    host: str = ""
    user: str = ""
    written: Secret | None = None


class PlainFile(NamedTuple):
    """One kind of file: ``format`` as in the table of file formats, ``find`` yields the secrets among its values.

    ``format`` "" is a file whose text ``find`` reads itself, line by line.
    """

    format: str
    find: Callable[[Value], Iterator[PlainSecret]]


def is_secret(value: object) -> bool:
    """Whether a value where a secret belongs is one: some text, not a reference to a variable, not a blank to fill in."""
    if not isinstance(value, str) or not value.strip():
        return False
    return not (value.startswith("$") or (value[0] in "<{[" and value[-1] in ">}]"))


def table(value: object) -> dict[str, Value]:
    """A table's entries; none where it is no table."""
    return value if isinstance(value, dict) else {}
