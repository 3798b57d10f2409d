"""The line of every key of a TOML text, found in one pass: a profile is asked for thousands of them."""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache

from keybound.domain.errors import BadInputError
from keybound.domain.values.keys import Member, parse_path
from keybound.sources.formats.base import Place
from keybound.sources.formats.toml import parse_toml

_NAME = r"""(?:[^\[\]"'\n]++|"(?:[^"\\]++|\\.)*+"|'[^']*+')++"""
_HEADER = re.compile(rf"\s*\[({_NAME})\]\s*(?:#.*)?$")
_ARRAY = re.compile(r"\s*\[\[([^\[\]]+)\]\]\s*(?:#.*)?$")
_PAIR = re.compile(
    r"(\s*)((?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*'))*)\s*="
)
_MOST_LINES = 400  # of one value
_LONGEST_LINE = 32 * 1024
_OPENS = re.compile(r"""=.*(?:\[|\{|\"{3}|'{3})""")
_SIMPLE_STRING = re.compile(r'(?<!["\w])"[^"\\]+"(?!")|(?<![\'\w])\'[^\']+\'(?!\')')
_UNSURE = re.compile(r"""["'#]""")
_PLAIN_PATH = re.compile(r'"([^"\\]*)"|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*')
_NOWHERE = ("\0",)  # a path that no key has
Path = tuple[str, ...]


class TomlLines:
    """Where the keys of one text stand, lines and columns from 1."""

    def __init__(self) -> None:
        self._heads: dict[Path, Place] = {}  # the last of a table's headings
        self._pairs: dict[Path, Place] = {}  # the first of a key's pairs
        self._inline: dict[Path, tuple[int, str]] = {}  # the last pair with an inline table: its line's number and text
        self._begins: dict[Path, Place] = {}  # where a table begins that only its parts are written of

    def head(self, path: Path, number: int, listed: Path | None = None) -> None:
        """A heading stands here. ``listed``: the path as it is written, of an element of a list."""
        self._heads[path] = (number, 1)
        self._implied(listed or path, (number, 1))

    def pair(self, path: Path, number: int, column: int, line: str) -> None:
        """A pair begins here."""
        self._pairs.setdefault(path, (number, column))
        self._implied(path, (number, column))
        if "{" in line:
            self._inline[path] = (number, line)

    def _implied(self, path: Path, place: Place) -> None:
        for length in range(1, len(path) + 1):
            self._begins.setdefault(path[:length], place)

    def place(self, names: Sequence[str]) -> Place | None:
        """Where a key stands; None where it does not."""
        path = tuple(names)
        if path in self._pairs:
            return self._pairs[path]
        found = [self._heads[path]] if path in self._heads else []
        for length in range(1, len(path)):
            if path[:length] in self._inline:
                found.append(_inside(*self._inline[path[:length]], path[length]))
        return max(found, default=self._begins.get(path))


@lru_cache(maxsize=8)
def toml_lines(text: str) -> TomlLines:
    """Find the lines of a text. Raises ParseError for what is no TOML: its values have no end."""
    parse_toml(text)
    return lines_of_toml(text)


@lru_cache(maxsize=8)
def lines_of_toml(text: str) -> TomlLines:
    """Find the lines of a text that is known to be TOML."""
    found, table = TomlLines(), Path()
    counts: dict[Path, int] = {}
    lines, number = text.split("\n"), 0
    while number < len(lines):
        one = lines[number]
        if head := _HEADER.match(one):
            table = _path(head.group(1))
            found.head(table, number + 1)
        elif head := _ARRAY.match(one):
            path = _path(head.group(1))
            counts[path] = counts.get(path, -1) + 1
            table = (*path, str(counts[path]))
            found.head(table, number + 1, path)
        elif pair := _PAIR.match(one):
            found.pair((*table, *_path(pair.group(2))), number + 1, len(pair.group(1)) + 1, one)
            if len(one) > _LONGEST_LINE:
                break  # where such a value ends costs too much to find out: what follows is not known
            number += _span(lines[number : number + _MOST_LINES]) - 1
        number += 1
    return found


def _inside(number: int, line: str, name: str) -> Place:
    """The place of a name in the inline table of a line."""
    found = re.search(rf"[{{,]\s*(\"?{re.escape(name)}\"?)\s*[=.]", line)
    return number, (found.start(1) + 1 if found else 1)


def _span(lines: Sequence[str]) -> int:
    """How many lines the pair takes: the fewest that parse."""
    if not _OPENS.search(lines[0]) or _is_whole(lines[0]):
        return 1
    for count in range(1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        return count
    return 1


def _is_whole(line: str) -> bool:
    """Whether a line surely ends what it opens: so most values need not be parsed to find their end."""
    rest = _SIMPLE_STRING.sub("", line)
    return not _UNSURE.search(rest) and rest.count("[") == rest.count("]") and rest.count("{") == rest.count("}")


def _path(text: str) -> Path:
    if found := _PLAIN_PATH.fullmatch(text):
        return (found[1],) if found[1] is not None else tuple(text.split("."))
    try:
        steps = parse_path(re.sub(r"\s*\.\s*", ".", text.strip()))
    except BadInputError:
        return _NOWHERE
    return tuple(step.name for step in steps if isinstance(step, Member)) or _NOWHERE
