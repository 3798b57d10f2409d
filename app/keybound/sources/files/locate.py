"""Find the line of a key. Runs on error and explanation paths only: None when unsure, never wrong."""

import re
from collections.abc import Sequence

from keybound.domain.values.keys import Member, Step
from keybound.sources.formats.base import LONGEST, Place
from keybound.sources.formats.reading import identify
from keybound.sources.formats.registry import get_format
from keybound.sources.parse_fault import ParseError

_FLAT = re.compile(r"\s*(?:export\s+)?([^#;\s=:][^=:]*?)\s*[=:]")
_LONGEST = 1024 * 1024  # of any format


def line_of(path: str, text: str, steps: Sequence[Step], format_name: str = "") -> Place | None:
    """Line and column (from 1) of a key in a text of up to 256 KiB, 1 MiB of TOML; its format is told as for reading."""
    names = [step.name for step in steps if isinstance(step, Member)]
    if len(names) != len(steps) or not names or len(text) > _LONGEST:
        return None
    try:
        return _place(format_name or identify(path, text), text, names)
    except (ParseError, RecursionError):
        return None


def _place(name: str, text: str, names: Sequence[str]) -> Place | None:
    kind = get_format(name) if name else None
    if len(text) > (kind.longest if kind else LONGEST):
        return None
    return kind.place(text, names) if kind and kind.place else _flat(text, names)


def _flat(text: str, names: Sequence[str]) -> Place | None:
    """The one line whose key is the last name: sure only where no other line has it."""
    hits = []
    for number, one in enumerate(text.split("\n"), 1):
        found = _FLAT.match(one)
        if found and found.group(1).strip("\"' {,") == names[-1]:
            hits.append((number, found.start(1) + 1))
    return hits[0] if len(hits) == 1 else None
