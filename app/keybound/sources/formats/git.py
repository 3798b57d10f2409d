"""git's configuration files: .gitconfig, .git/config, .gitmodules.

Names of sections and keys are case-insensitive and read in lower case, subsections as they stand. All values are text; a
key without ``=`` is true. A key that stands several times is a list, in order: that is its meaning to git.
"""

import re
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

from keybound.domain.values.readings import Value
from keybound.sources.bounds import MOST_VALUES, check_lines, counted, too_many
from keybound.sources.formats.base import Format
from keybound.sources.formats.entries import place_among
from keybound.sources.parse_fault import ParseError

_SKIP = re.compile(r"(?:\s++|[#;][^\n]*+)*+")
_SECTION = re.compile(r'\[([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\\n]++|\\[^\n])*+)")?\]')
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*+)[ \t]*+(?:(=)|(?=\n|\Z))")
_PLAIN = re.compile(r'[^\s"\\#;]++')
_QUOTED = re.compile(r'[^"\\\n]++')
_BLANK = re.compile(r"[^\S\n]++")
_COMMENT = re.compile(r"[^\n]*+")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"', "\n": ""}


class Setting(NamedTuple):
    """One line of a git configuration: ``section.subsection.name``; ``subsection`` is None where it has none."""

    section: str
    subsection: str | None
    name: str
    value: str | bool
    line: int
    column: int

    @property
    def path(self) -> tuple[str, ...]:
        """Its place as members of tables."""
        return (self.section, *((self.subsection,) if self.subsection is not None else ()), self.name)


def parse_git(text: str) -> Value:
    """Return sections, subsections and keys as tables. Raises ParseError."""
    data: dict[str, Value] = {}
    for setting in counted(settings(text)):
        table = data
        for name in setting.path[:-1]:
            inner = table.setdefault(name, {})
            if not isinstance(inner, dict):
                raise _both(name, setting)
            table = inner
        _put(table, setting)
    return data


def _put(table: dict[str, Value], setting: Setting) -> None:
    held = table.get(setting.name)
    if isinstance(held, dict):
        raise _both(setting.name, setting)
    if isinstance(held, list):
        held.append(setting.value)
    else:
        table[setting.name] = [held, setting.value] if setting.name in table else setting.value


def _both(name: str, setting: Setting) -> ParseError:
    return ParseError(f"{name!r} is both a key and a subsection", setting.line)


def settings(text: str) -> Iterator[Setting]:
    """Yield the settings in order. Raises ParseError where git would refuse the file."""
    text = check_lines(text).replace("\r\n", "\n")
    if "\0" in text:
        raise ParseError("it contains a NUL byte", text.count("\n", 0, text.index("\0")) + 1)
    section: tuple[str, str | None] | None = None
    at, line = _after(_SKIP, text, 0), 1
    line += text.count("\n", 0, at)
    for _ in counted(repeat(None)):
        if at == len(text):
            return
        start = at
        if found := _SECTION.match(text, at):
            section, at = _section(found), found.end()
        elif section and (found := _KEY.match(text, at)):
            column = at - text.rfind("\n", 0, at)
            value, at = _value(text, found.end(), line) if found.group(2) else (True, found.end())
            yield Setting(*section, found.group(1).lower(), value, line, column)
        else:
            raise ParseError("it is neither [section] nor key = value", line)
        at = _after(_SKIP, text, at)
        line += text.count("\n", start, at)


def _section(found: "re.Match[str]") -> tuple[str, str | None]:
    name, quoted = found.group(1).lower(), found.group(2)
    if quoted is not None:
        return name, re.sub(r"\\(.)", r"\1", quoted)
    section, dot, rest = name.partition(".")
    return section, rest if dot else None


def _value(text: str, at: int, line: int) -> tuple[str, int]:
    parts: list[str] = []
    blank, quoted = "", False
    while at < len(text):
        char = text[at]
        if quoted and (found := _QUOTED.match(text, at)):
            parts.append(found.group())
            at = found.end()
        elif char == "\n":
            break
        elif found := None if quoted else _BLANK.match(text, at):
            blank, at = found.group(), found.end()
        elif char in "#;":
            at = _after(_COMMENT, text, at)
        else:
            parts += [blank] if parts else []
            blank = ""
            part, at = _piece(text, at, line)
            parts.append(part)
            if len(parts) > MOST_VALUES:
                raise too_many()
            quoted ^= char == '"'
    if quoted:
        raise ParseError("a quote is not closed", line)
    return "".join(parts), at


def _piece(text: str, at: int, line: int) -> tuple[str, int]:
    if text[at] == '"':
        return "", at + 1
    if text[at] == "\\":
        code = text[at + 1 : at + 2]
        if code not in _ESCAPES or not code:
            raise ParseError(f"\\{code} is not an escape", line)
        return _ESCAPES[code], at + 2
    found = _PLAIN.match(text, at)
    return (found.group(), found.end()) if found else (text[at], at + 1)


def _after(pattern: "re.Pattern[str]", text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


FORMAT = Format(parse_git, place_among(settings))
