"""Find the line of a key. Runs on error and explanation paths only: None when unsure, never wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from keybound.domain.keys import Member, Step
from keybound.sources.formats.reading import identify
from keybound.sources.parse_fault import ParseFault
from keybound.sources.toml_lines import Place, toml_lines

if TYPE_CHECKING:
    from keybound.sources.formats.git import Setting
    from keybound.sources.formats.ini import Entry

_FLAT = re.compile(r"\s*(?:export\s+)?([^#;\s=:][^=:]*?)\s*[=:]")

_LONGEST = 256 * 1024
_LONGEST_TOML = 1024 * 1024  # whose lines are found in one pass
_LISTED = frozenset({"ini", "aws", "npmrc", "dotenv", "properties", "git"})


def line_of(path: str, text: str, steps: Sequence[Step]) -> Place | None:
    """Line and column (from 1) of a key in a text of up to 256 KiB, 1 MiB of TOML; its format is told as for reading."""
    names = [step.name for step in steps if isinstance(step, Member)]
    if len(names) != len(steps) or not names or len(text) > _LONGEST_TOML:
        return None
    kind = identify(path, text)
    if kind != "toml" and len(text) > _LONGEST:
        return None
    try:
        if kind == "toml":
            return toml_lines(text).place(names)
        if kind == "yaml":
            return _yaml(text, names)
        return _listed(kind, text, names) if kind in _LISTED else _flat(text, names)
    except (ParseFault, RecursionError):
        return None


def _listed(kind: str, text: str, names: Sequence[str]) -> Place | None:
    """By the parser's own places; where a key stands several times, the last."""
    from keybound.sources.formats.dotenv import dotenv_entries
    from keybound.sources.formats.git import settings
    from keybound.sources.formats.ini import DIALECTS, entries
    from keybound.sources.formats.properties import property_entries

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


def _yaml(text: str, names: Sequence[str]) -> Place | None:
    import yaml

    from keybound.sources.formats.yaml import compose

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
