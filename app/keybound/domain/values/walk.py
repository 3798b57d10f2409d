"""Follow a path into parsed data."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from keybound.domain.values.keys import Index, Match, Member, Step
from keybound.domain.values.readings import Absent, FileContent, Found, Reading, Unreadable, Value


def walk(data: Value, path: Sequence[Step]) -> Reading:
    """Return what stands at ``path``; Absent where a step leads nowhere, Unreadable where it is ambiguous."""
    here = data
    for step in path:
        found = _take(here, step)
        if not isinstance(found, Found):
            return found
        here = found.value
    return Found(here)


def _take(here: Value, step: Step) -> Reading:
    match step:
        case Member(name):
            if isinstance(here, Mapping):
                return Found(here[name]) if name in here else Absent(f"no key {name}")
            return Absent(f"{name} is looked up in something that is not a table")
        case Index(position):
            if _is_list(here):
                return Found(here[position]) if position < len(here) else Absent(f"the list has no [{position}]")
            return Absent(f"[{position}] is looked up in something that is not a list")
        case Match(name, value):
            if not _is_list(here):
                return Absent(f"[{name}={value}] is looked up in something that is not a list")
            hits = [item for item in here if isinstance(item, Mapping) and item.get(name) == value]
            if len(hits) > 1:
                return Unreadable(f"{len(hits)} elements have {name}={value}")
            return Found(hits[0]) if hits else Absent(f"no element has {name}={value}")


def _is_list(value: Value) -> TypeGuard[Sequence[Value]]:
    return isinstance(value, Sequence) and not isinstance(value, str | FileContent)
