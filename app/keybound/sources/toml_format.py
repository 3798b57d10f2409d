"""TOML 1.0 as the standard library reads it."""

import re
import tomllib
from typing import NamedTuple

from keybound.domain.readings import Value
from keybound.sources.parse_fault import ParseFault

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class TomlFault(NamedTuple):
    """What tomllib says, taken apart: the reason, line and column from 1."""

    why: str
    line: int
    column: int


def parse_toml(text: str) -> Value:
    """Return the tables of a TOML text. Raises ParseFault; RecursionError on absurd nesting."""
    try:
        data: Value = tomllib.loads(text)
    except ValueError as error:  # tomllib's own error is one, and so is that of an integer of 4300 digits
        fault = toml_fault(text, error)
        raise ParseFault(fault.why, fault.line) from None
    return data


def toml_fault(text: str, error: ValueError) -> TomlFault:
    """Take the message of a tomllib error apart; an error without a place points at the text's end."""
    message = str(error)
    found = _PLACE.search(message)
    why = message[: found.start()] if found else message
    if found and found.group(1):
        return TomlFault(why, int(found.group(1)), int(found.group(2)))
    return TomlFault(why, text.count("\n") + 1, len(text) - text.rfind("\n"))
