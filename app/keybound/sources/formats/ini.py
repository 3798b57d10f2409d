"""INI files: .ini, .cfg, .conf; and what the kinds of it share, the files of AWS and of npm.

A section's name is one member, as it is written (``[profile x]`` is ``"profile x"``); so is a key (``a.b=c`` is
``"a.b"``). Keys outside sections stand at the top. Values are text as it stands, quotes included; only .npmrc drops
quotes, ends a value at ``;`` or ``#``, makes ``key[]`` a list and a bare key true. A line that is indented deeper than its key
continues the value, in an AWS file it is a key of a table; in .npmrc indentation means nothing.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from keybound.domain.values.readings import Value
from keybound.sources.bounds import check_lines, counted
from keybound.sources.formats.base import Format
from keybound.sources.formats.entries import Entry, place_among
from keybound.sources.parse_fault import ParseError, twice


class Dialect(NamedTuple):
    """How one kind of INI file differs: what parts key and value, and what deeper indentation means."""

    separator: re.Pattern[str]
    indented: str  # "value" continues the value, "table" opens one, "nothing"
    npm: bool = False


def format_of(dialect: Dialect) -> Format:
    """The format of one kind of INI file."""
    return Format(partial(_parse, dialect=dialect), place_among(partial(entries, dialect=dialect)))


def _parse(text: str, dialect: Dialect) -> Value:
    """Sections and keys. Raises ParseError; a key or a section that stands twice is one."""
    data: dict[str, Value] = {}
    for path, value, line, _ in counted(entries(text, dialect)):
        table = data
        for name in path[:-1]:
            inner = table.setdefault(name, {})
            if not isinstance(inner, dict):
                raise twice(name, line)
            table = inner
        held = table.get(path[-1])
        if isinstance(value, list) and isinstance(held, list):
            held.extend(value)
        elif path[-1] in table:
            raise twice(path[-1], line)
        else:
            table[path[-1]] = value
    return data


def entries(text: str, dialect: Dialect) -> Iterator[Entry]:
    """Yield sections (with an empty table) and keys in order. Raises ParseError."""
    section: tuple[str, ...] = ()
    open_key: _Open | None = None
    for number, line in enumerate(check_lines(text).replace("\r\n", "\n").split("\n"), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        column = len(line) - len(line.lstrip()) + 1
        if open_key and column > open_key.entry.column and dialect.indented != "nothing":
            open_key.more.append((number, column, bare))
            continue
        if open_key:
            yield from _close(open_key, dialect)
            open_key = None
        if bare[0] == "[":
            section = (_section(bare, number),)
            yield Entry(section, {}, number, column)
        else:
            open_key = _Open(_entry(section, bare, number, column, dialect), [])
    if open_key:
        yield from _close(open_key, dialect)


class _Open(NamedTuple):
    entry: Entry
    more: list[tuple[int, int, str]]


def _section(bare: str, line: int) -> str:
    found = re.fullmatch(r"\[([^\]]*)\]\s*(?:[#;].*)?", bare)
    if not found or not found.group(1).strip():
        raise ParseError("a section's name is not closed, or is empty", line)
    return found.group(1).strip()


def _entry(section: tuple[str, ...], bare: str, line: int, column: int, dialect: Dialect) -> Entry:
    found = dialect.separator.search(bare)
    name = (bare[: found.start()] if found else bare).strip()
    if not name or not (found or dialect.npm):
        raise ParseError("it is neither [section] nor key = value", line)
    value: Value = bare[found.end() :].strip() if found else True
    if dialect.npm:
        if isinstance(value, str):
            value = _npm_value(value)
        if name.endswith("[]") and len(name) > 2:
            name, value = name[:-2], [value]
    return Entry((*section, name), value, line, column)


def _close(key: _Open, dialect: Dialect) -> Iterator[Entry]:
    entry = key.entry
    if not key.more:
        yield entry
    elif dialect.indented == "table" and entry.value == "":
        yield entry._replace(value={})
        for line, column, bare in key.more:
            yield _entry(entry.path, bare, line, column, dialect)
    else:
        lines = [str(entry.value), *(bare for _, _, bare in key.more)]
        yield entry._replace(value="\n".join(lines))


def _npm_value(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    bare = re.split(r"(?<!\\)[;#]", text, maxsplit=1)[0].strip()
    return re.sub(r"\\([;#\\])", r"\1", bare)


FORMAT = format_of(Dialect(re.compile(r"[=:]"), "value"))
