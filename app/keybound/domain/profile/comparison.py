"""What differs between two effective profiles: settings, flags, roles, env, files, tokens and their bindings."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from keybound.domain.profile.definition import Profile
from keybound.domain.values.readings import Value
from keybound.domain.verdict.verdict import Shown
from keybound.domain.verdict.wording import shown_value

_Entries = dict[str, tuple[str, Value]]  # by key: what its name says of the value, and the value


class Difference(NamedTuple):
    """A key with what stands there in each of two profiles; None: nothing does.

    ``group``: settings, flags, roles, env, files, or ``tokens.NAME``.
    """

    group: str
    key: str
    left: Shown | None
    right: Shown | None


def compare(left: Profile, right: Profile) -> list[Difference]:
    """What differs, by group and key. A token that only one of the two has is one difference."""
    found: list[Difference] = []
    groups = dict.fromkeys((*_groups(left), *_groups(right)))
    for group in groups:
        mine, theirs = _groups(left).get(group), _groups(right).get(group)
        if mine is None or theirs is None:
            found.append(Difference(group, group, _defined(mine), _defined(theirs)))
        else:
            found += _differing(group, mine, theirs)
    return found


def _defined(entries: _Entries | None) -> Shown | None:
    return None if entries is None else Shown("defined")


def _differing(group: str, left: _Entries, right: _Entries) -> Iterator[Difference]:
    for key in dict.fromkeys((*left, *right)):
        mine, theirs = left.get(key), right.get(key)
        if mine != theirs:
            yield Difference(group, key, _shown(mine), _shown(theirs))


def _shown(entry: tuple[str, Value] | None) -> Shown | None:
    return None if entry is None else shown_value(*entry)


def _groups(profile: Profile) -> dict[str, _Entries]:
    made: dict[str, _Entries] = {
        group: {key: (key, value) for key, value in _leaves(group, profile.data.get(group, {}))}
        for group in ("settings", "flags", "roles", "env", "files")
    }
    made["files"] |= {f"files.{name}.format": ("", given) for name, given in profile.formats.items()}
    for name, token in sorted(profile.tokens.items()):
        bound = token.table.get("bound", {})
        fields = {field: value for field, value in token.table.items() if field != "bound"}
        prefix = f"tokens.{name}"
        made[prefix] = {f"{prefix}.{field}": ("", value) for field, value in sorted(fields.items())}
        if isinstance(bound, Mapping):
            made[prefix] |= {f"{prefix}.bound {key}": ("", rules) for key, rules in sorted(bound.items())}
    return made


def _leaves(path: str, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Mapping):
        for name, item in sorted(value.items()):
            yield from _leaves(f"{path}.{name}", item)
    else:
        yield path, value
