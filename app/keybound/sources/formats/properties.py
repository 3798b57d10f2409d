"""Java's .properties: ``key=value``, ``key: value`` or ``key value``, all at the top, all text."""

import re
from collections.abc import Iterator

from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_lines, counted
from keybound.sources.formats.base import Format
from keybound.sources.formats.entries import Entry, place_among
from keybound.sources.parse_fault import ParseError, twice

_LINE = re.compile(r"((?:[^\\=:\s]++|\\.)*+)\s*+[=:]?+\s*+(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ODD = re.compile(r"(?<!\\)(?:\\\\)*+\\\Z")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def parse_properties(text: str) -> Value:
    """Return keys and their text. Raises ParseError on a key that stands twice."""
    data: dict[str, Value] = {}
    for (name,), value, line, _ in counted(property_entries(text)):
        if name in data:
            raise twice(name, line)
        data[name] = value
    return data


def property_entries(text: str) -> Iterator[Entry]:
    """Yield the keys in order; a line that ends in an odd number of backslashes goes on in the next. Raises ParseError."""
    lines = iter(enumerate(check_lines(text).replace("\r\n", "\n").split("\n"), 1))
    for number, line in lines:
        bare = line.lstrip()
        if not bare or bare[0] in "#!":
            continue
        parts = [bare]
        while _ODD.search(parts[-1]):
            parts[-1] = parts[-1][:-1]
            parts.append(next(lines, (0, ""))[1].lstrip())
        found = _LINE.fullmatch("".join(parts))
        if not found:
            raise ParseError("it is not key = value", number)
        name, value = (_ESCAPE.sub(_unescape, part) for part in found.groups())
        yield Entry((name,), value, number, len(line) - len(line.lstrip()) + 1)


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _CONTROL.get(code, code)


FORMAT = Format(parse_properties, place_among(property_entries))
