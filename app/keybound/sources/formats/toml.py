"""TOML 1.0 as the standard library reads it."""

import re
import tomllib
from collections.abc import Sequence
from typing import NamedTuple

from keybound.domain.values.readings import Value
from keybound.sources.formats.base import Format, Place
from keybound.sources.parse_fault import ParseError

LIMIT = 1024 * 1024
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class TomlFault(NamedTuple):
    """What tomllib says, taken apart: the reason, line and column from 1."""

    why: str
    line: int
    column: int


_PART = r"""(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{100}}")


def check_toml_keys(text: str) -> None:
    """Raise ParseError where something looks like a key of over 100 parts: tomllib takes the square of their number."""
    if found := _LONG_KEY.search(text):
        raise ParseError("it is nested too deep", text.count("\n", 0, found.start()) + 1)


def parse_toml(text: str) -> Value:
    """Return the tables of a TOML text of 1 MiB at most. Raises ParseError; RecursionError on absurd nesting."""
    if len(text) > LIMIT:
        raise ParseError("it is over 1 MiB, which is too large for TOML")
    check_toml_keys(text)
    try:
        data: Value = tomllib.loads(text)
    except ValueError as error:  # tomllib's own error is one, and so is that of an integer of 4300 digits
        fault = toml_fault(text, error)
        raise ParseError(fault.why, fault.line) from None
    return data


def toml_fault(text: str, error: ValueError) -> TomlFault:
    """Take the message of a tomllib error apart; an error without a place points at the text's end."""
    message = str(error)
    found = _PLACE.search(message)
    why = message[: found.start()] if found else message
    if found and found.group(1):
        return TomlFault(why, int(found.group(1)), int(found.group(2)))
    return TomlFault(why, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _place(text: str, names: Sequence[str]) -> Place | None:
    from keybound.sources.formats.toml_lines import toml_lines

    return toml_lines(text).place(names)


FORMAT = Format(parse_toml, _place, longest=LIMIT)  # its lines are found in one pass
