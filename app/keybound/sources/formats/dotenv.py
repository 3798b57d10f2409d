"""dotenv files: ``NAME=value`` lines, with ``export``, quotes and comments; nothing is expanded.

Single quotes keep everything, double quotes know ``\\n \\r \\t \\" \\\\ \\$``, both may span lines. An unquoted value ends
at `` #`` and is trimmed.
"""

import re
from collections.abc import Iterator

from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_lines, counted
from keybound.sources.formats.base import Format
from keybound.sources.formats.entries import Entry, place_among
from keybound.sources.parse_fault import ParseError, twice

_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_NAME = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*")
_SINGLE = re.compile(r"'([^']*+)'")
_DOUBLE = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_BARE = re.compile(r"[^\n]*")
_ESCAPE = re.compile(r'\\([nrt"\\$])')
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def parse_dotenv(text: str) -> Value:
    """Return names and their text. Raises ParseError on a broken line or a name that stands twice."""
    data: dict[str, Value] = {}
    for (name,), value, line, _ in counted(dotenv_entries(text)):
        if name in data:
            raise twice(name, line)
        data[name] = value
    return data


def dotenv_entries(text: str) -> Iterator[Entry]:
    """Yield the names in order. Raises ParseError."""
    for entry, _, _ in _statements(check_lines(text).replace("\r\n", "\n")):
        yield entry


def dotenv_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each name with where its statement begins and ends, in a text whose lines end with ``\\n``. Raises ParseError."""
    for entry, start, end in _statements(text):
        yield entry.path[0], start, end


def _statements(text: str) -> Iterator[tuple[Entry, int, int]]:
    at, line = 0, 1
    while at < len(text):
        start = at
        if blank := _BLANK.match(text, at):
            at = blank.end()
        elif found := _NAME.match(text, at):
            value, at = _value(text, found.end(), line)
            yield Entry((found.group(1),), value, line, found.start(1) - start + 1), start, min(at, len(text))
        else:
            raise ParseError("it is not NAME=value", line)
        line += text.count("\n", start, at)


def _value(text: str, at: int, line: int) -> tuple[str, int]:
    if text[at : at + 1] not in ("'", '"'):
        found = _BARE.match(text, at)
        bare = found.group() if found else ""
        return re.split(r"(?:^|[ \t])#", bare, maxsplit=1)[0].strip(), at + len(bare) + 1
    single = text[at] == "'"
    quoted = (_SINGLE if single else _DOUBLE).match(text, at)
    after = _BLANK.match(text, quoted.end()) if quoted else None
    if not quoted or not after:
        raise ParseError("a quote is not closed, or text follows it", line)
    value = quoted.group(1) if single else _ESCAPE.sub(_unescape, quoted.group(1))
    return value, after.end()


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    return _CONTROL.get(code, code)


FORMAT = Format(parse_dotenv, place_among(dotenv_entries))
