"""Find the line of a key. Runs on error and explanation paths only: None when unsure, never wrong."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from keybound.domain.errors import BadInput
from keybound.domain.keys import Member, Step, parse_path
from keybound.sources.formats import identify
from keybound.sources.parse_fault import ParseFault
from keybound.sources.toml_format import parse_toml

if TYPE_CHECKING:
    from keybound.sources.git_format import Setting
    from keybound.sources.ini_format import Entry

_NAME = r"""(?:[^\[\]"'\n]++|"(?:[^"\\]++|\\.)*+"|'[^']*+')++"""
_HEADER = re.compile(rf"\s*\[({_NAME})\]\s*(?:#.*)?$")
_ARRAY = re.compile(r"\s*\[\[([^\[\]]+)\]\]\s*(?:#.*)?$")
_PAIR = re.compile(
    r"(\s*)((?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*'))*)\s*="
)
_FLAT = re.compile(r"\s*(?:export\s+)?([^#;\s=:][^=:]*?)\s*[=:]")

_LONGEST = 256 * 1024
_MOST_LINES = 400  # of one value
_OPENS = re.compile(r"""=.*(?:\[|\{|\"{3}|'{3})""")
_LISTED = frozenset({"ini", "aws", "npmrc", "dotenv", "properties", "git"})
Place = tuple[int, int]


def line_of(path: str, text: str, steps: Sequence[Step]) -> Place | None:
    """Line and column (from 1) of a key in a text of up to 256 KiB; its format is told as for reading."""
    names = [step.name for step in steps if isinstance(step, Member)]
    if len(names) != len(steps) or not names or len(text) > _LONGEST:
        return None
    kind = identify(path, text)
    try:
        if kind == "toml":
            parse_toml(text)  # what is no TOML is not searched: its values have no end
            return _toml(text, names)
        if kind == "yaml":
            return _yaml(text, names)
        return _listed(kind, text, names) if kind in _LISTED else _flat(text, names)
    except (ParseFault, RecursionError):
        return None


def _listed(kind: str, text: str, names: Sequence[str]) -> Place | None:
    """By the parser's own places; where a key stands several times, the last."""
    from keybound.sources.dotenv_format import dotenv_entries
    from keybound.sources.git_format import settings
    from keybound.sources.ini_format import DIALECTS, entries
    from keybound.sources.properties_format import property_entries

    readers: Mapping[str, Callable[[str], Iterable[Entry | Setting]]] = {
        "dotenv": dotenv_entries,
        "git": settings,
        "properties": property_entries,
    }
    found = entries(text, DIALECTS[kind]) if kind in DIALECTS else readers[kind](text)
    place = None
    for entry in found:
        if entry.path == tuple(names):
            place = entry.line, entry.column
    return place


def _toml(text: str, names: Sequence[str]) -> Place | None:
    table: list[str] = []
    counts: dict[str, int] = {}
    best: Place | None = None
    implied: Place | None = None  # where a table begins that only its parts are written of
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        one = lines[number]
        if found := _HEADER.match(one):
            table = _path(found.group(1)) or ["\0"]
            implied = implied or _begins(table, names, number, 0)
            best = (number + 1, 1) if table == list(names) else best
        elif found := _ARRAY.match(one):
            path = _path(found.group(1)) or ["\0"]
            implied = implied or _begins(path, names, number, 0)
            counts[".".join(path)] = counts.get(".".join(path), -1) + 1
            table = [*path, str(counts[".".join(path)])]
            best = (number + 1, 1) if table == list(names) else best
        elif pair := _PAIR.match(one):
            here = [*table, *(_path(pair.group(2)) or ["\0"])]
            implied = implied or _begins(here, names, number, len(pair.group(1)))
            if here == list(names):
                return number + 1, len(pair.group(1)) + 1
            if here == list(names[: len(here)]) and "{" in one:
                best = _inline(one, number, names[len(here) :]) or best
            number += _span(lines[number : number + _MOST_LINES]) - 1
        number += 1
    return best or implied


def _begins(here: Sequence[str], names: Sequence[str], number: int, column: int) -> Place | None:
    return (number + 1, column + 1) if list(here[: len(names)]) == list(names) else None


def _inline(one: str, number: int, rest: Sequence[str]) -> Place:
    found = re.search(rf"[{{,]\s*(\"?{re.escape(rest[0])}\"?)\s*[=.]", one) if rest else None
    return number + 1, (found.start(1) + 1 if found else 1)


def _span(lines: Sequence[str]) -> int:
    """How many lines the pair takes: the fewest that parse."""
    if not _OPENS.search(lines[0]):
        return 1
    for count in range(1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
        return count
    return 1


def _path(text: str) -> list[str]:
    try:
        steps = parse_path(re.sub(r"\s*\.\s*", ".", text.strip()))
    except BadInput:
        return []
    return [step.name for step in steps if isinstance(step, Member)]


def _yaml(text: str, names: Sequence[str]) -> Place | None:
    import yaml

    from keybound.sources.yaml_format import compose

    documents = compose(text)
    node = documents[0] if len(documents) == 1 else None
    place: Place | None = None
    for name in names:
        if not isinstance(node, yaml.MappingNode):
            return None
        hits = [(key, value) for key, value in node.value if key.value == name]
        if len(hits) != 1:
            return None
        place = (hits[0][0].start_mark.line + 1, hits[0][0].start_mark.column + 1)
        node = hits[0][1]
    return place


def _flat(text: str, names: Sequence[str]) -> Place | None:
    """The one line whose key is the last name: sure only where no other line has it."""
    hits = []
    for number, one in enumerate(text.split("\n"), 1):
        found = _FLAT.match(one)
        if found and found.group(1).strip("\"' {,") == names[-1]:
            hits.append((number, found.start(1) + 1))
    return hits[0] if len(hits) == 1 else None
