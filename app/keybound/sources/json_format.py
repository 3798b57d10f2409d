"""JSON, strictly; and JSONC, which may hold comments and trailing commas."""

import json
import math
import re
from typing import NoReturn

from keybound.domain.readings import Value
from keybound.sources.parse_fault import ParseFault, twice

_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)


def parse_json(text: str) -> Value:
    """Return the value of a JSON text. Raises ParseFault; RecursionError on absurd nesting.

    NaN and Infinity are no JSON; a number that is too large for a float, and a key that stands twice, are refused.
    """
    try:
        data: Value = json.loads(text, object_pairs_hook=_table, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise ParseFault(error.msg, error.lineno) from None
    except ValueError:
        raise ParseFault("it holds an integer of over 4300 digits") from None
    return data


def parse_jsonc(text: str) -> Value:
    """Return the value of a JSON text with comments. Raises as parse_json does."""
    return parse_json(blank_comments(text))


def blank_comments(text: str) -> str:
    """Return ``text`` with comments and trailing commas made blank; every other character keeps its place."""
    return _STRING_OR_COMMA.sub(_blank, _STRING_OR_COMMENT.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    part = found.group()
    return part if part[0] == '"' else re.sub(r"[^\n]", " ", part)


def _table(pairs: list[tuple[str, Value]]) -> Value:
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        raise twice(next(name for name in names if names.count(name) > 1))
    return table


def _no_constant(name: str) -> NoReturn:
    raise ParseFault(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ParseFault("it holds a number that is too large")
    return number
