"""JSON, strictly; and JSONC, which may hold comments and trailing commas."""

import json
import math
import re
from typing import NoReturn

from keybound.domain.values.readings import Value
from keybound.sources.bounds import counted
from keybound.sources.formats.base import Format
from keybound.sources.parse_fault import ParseError, twice

_STRING = r'"(?:[^"\\]++|\\.)*+"?+'  # one that is not closed goes to the end, so that no text is gone over twice
_STRING_OR_COMMENT = re.compile(_STRING + r"|//[^\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING_OR_COMMA = re.compile(_STRING + r"|,(?=\s*+[}\]])", re.DOTALL)


def parse_json(text: str) -> Value:
    """Return the value of a JSON text. Raises ParseError; RecursionError on absurd nesting.

    NaN and Infinity are no JSON; a number that is too large or too small for a float, and a key that stands twice, are refused.
    """
    try:
        data: Value = json.loads(text, object_pairs_hook=_table, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ParseError(error.msg, error.lineno) from None
    except ValueError:
        raise ParseError("it contains an integer of over 4300 digits") from None
    return data


def parse_jsonc(text: str) -> Value:
    """Return the value of a JSON text with comments. Raises as parse_json does."""
    return parse_json(blank_comments(text))


def _parse(text: str) -> Value:
    """JSON that has comments or trailing commas is read as JSONC; what is neither has the fault of JSON."""
    try:
        return parse_json(text)
    except ParseError:
        try:
            return parse_jsonc(text)
        except (ParseError, RecursionError):
            pass
        raise


def blank_comments(text: str) -> str:
    """Return ``text`` with comments and trailing commas made blank; every other character keeps its place.

    Raises ParseError where a comment is not closed, or where there are over 100,000 texts and comments.
    """
    return _blanked(_STRING_OR_COMMA, _blanked(_STRING_OR_COMMENT, text))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    parts, at = [], 0
    for found in counted(pattern.finditer(text)):
        part = found.group()
        if part[0] == '"':
            continue
        if part.startswith("/*") and (len(part) < 4 or not part.endswith("*/")):
            raise ParseError("a comment is not closed", text.count("\n", 0, found.start()) + 1)
        parts += [text[at : found.start()], re.sub(r"[^\n]", " ", part)]
        at = found.end()
    return "".join([*parts, text[at:]])


def _table(pairs: list[tuple[str, Value]]) -> Value:
    table = dict(pairs)
    if len(table) != len(pairs):
        left = dict(table)
        raise twice(next(name for name, _ in pairs if left.pop(name, left) is left))
    return table


def _no_constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ParseError("it contains a number that is too large")
    if number == 0 and re.match("[-0.]*[1-9]", text):
        raise ParseError("it contains a number that is too small")
    return number


FORMAT = Format(_parse)
