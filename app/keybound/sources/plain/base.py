"""What such a file is: its format, and where in its values secrets stand."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value

Names = tuple[str, ...]
_NO_PASSWORD = ("x-oauth-basic", "x-oauth")


class PlainSecret(NamedTuple):
    """A secret in clear.

    ``keys``: the names that lead to it in the file; ``provider``: whose it is, "" where the file does not tell; ``host`` and
    ``user``: for whom, "" likewise; ``written``: the text that holds it in the file, where that is another; ``certain``: the
    file says that it is a token, whatever it looks like; ``bare``: its tool could read it from nowhere else.
    """

    keys: Names
    secret: Secret
    provider: str = ""
    host: str = ""
    user: str = ""
    written: Secret | None = None
    certain: bool = False
    bare: bool = False


class Taken(NamedTuple):
    """A secret that Keybound keeps from now on.

    ``line``: where it stands (from 1); ``variable``: it is exported as; ``helper``: the command that answers the tool with it.
    """

    found: PlainSecret
    line: int
    variable: str
    helper: str = ""


class PlainFile(NamedTuple):
    """One kind of file.

    ``format``: as in the table of file formats; "" for a file whose text ``find`` reads itself, "bytes" where it is no text.
    ``find``: the secrets in it. ``variable``: from which the tool reads such a secret, "" where there is none. ``without``: the
    text without the secrets that were taken, such that the tool still gets them; None where that cannot be. ``instead``: what
    ``without`` makes of one that was taken, in words. ``helped``: a helper answers the tool, so no shell needs the variable.
    ``named``: what stands there is called as the variable is, so no other name will do.
    """

    format: str
    find: Callable[[Any], Iterator[PlainSecret]]
    variable: Callable[[PlainSecret], str] = lambda _: ""
    without: Callable[[str, Sequence[Taken]], str] | None = None
    instead: str = ""
    helped: bool = False
    named: bool = False


def is_secret(value: object) -> bool:
    """Whether a value where a secret belongs is one: some text, not a reference to a variable, not a blank to fill in."""
    if not isinstance(value, str) or not value.strip():
        return False
    return not (value.startswith("$") or (value[0] in "<{[" and value[-1] in ">}]"))


def user_and_secret(user: str, password: str) -> tuple[str, str]:
    """Which of a login's two is the secret: GitHub and others take a token as the user's name, and then no password."""
    return ("", user) if user and password in _NO_PASSWORD else (user, password)


def host_of(address: object) -> str:
    """The host that an address names; "" where it names none, or is no address."""
    try:
        return (urlsplit(address).hostname if isinstance(address, str) else None) or ""
    except ValueError:
        return ""


def table(value: object) -> dict[str, Value]:
    """A table's entries; none where it is no table."""
    return value if isinstance(value, dict) else {}


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as they are counted: at newlines alone, not at the other ends of lines that Unicode has."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def without_lines(text: str, lines: Iterable[int]) -> str:
    """The text without these lines (from 1), and without those that continue them: they begin with a blank."""
    gone, kept, going = set(lines), [], False
    for number, line in enumerate(lines_of(text), 1):
        going = number in gone or (going and line[0] in " \t" and not line.isspace())
        kept += [] if going else [line]
    return "".join(kept)


def as_variable(*words: str) -> str:
    """A variable's name made of words."""
    return re.sub(r"[^A-Z0-9]+", "_", "_".join(words).upper()).strip("_")
