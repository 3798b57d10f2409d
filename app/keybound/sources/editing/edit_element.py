"""Change one element of a list in a TOML text: ``hosts[1]``, ``servers[name=eu].port``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keybound.domain.errors import BadInputError
from keybound.domain.values.keys import Index, Match, Member, Step
from keybound.sources.editing.edit_toml import set_value, unset, with_line_ends_of


def set_at(text: str, path: Sequence[Step], value: object) -> str:
    """Set the value at ``path``. Raises LookupError where an element or what holds it is not there, BadInputError."""
    if all(isinstance(step, Member) for step in path):
        return set_value(text, _names(path), value)
    return _edited(text, path, lambda holder, place: holder.__setitem__(place, value))


def unset_at(text: str, path: Sequence[Step]) -> str:
    """Take the key or the element away. Raises LookupError where it is not there, BadInputError."""
    if all(isinstance(step, Member) for step in path):
        return unset(text, _names(path))
    return _edited(text, path, lambda holder, place: holder.__delitem__(place))


def _names(path: Sequence[Step]) -> list[str]:
    return [step.name for step in path if isinstance(step, Member)]


def _edited(text: str, path: Sequence[Step], change: Callable[[Any, int | str], object]) -> str:
    import tomllib

    import tomlkit

    document: Any = tomlkit.parse(text)
    wanted: Any = tomllib.loads(text)
    change(*_holder(document, path))
    change(*_holder(wanted, path))
    changed = with_line_ends_of(text, tomlkit.dumps(document))
    if tomllib.loads(changed) != wanted:
        raise BadInputError("this element cannot be changed automatically; edit the file by hand")
    return changed


def _holder(document: Any, path: Sequence[Step]) -> tuple[Any, int | str]:
    """The table or list that holds the last step, and the place in it."""
    here = document
    for step in path[:-1]:
        here = here[_place(here, step)]
    place = _place(here, path[-1])
    if isinstance(place, int):
        here[place]  # it must be there: a list is not grown by this
    return here, place


def _place(here: Any, step: Step) -> int | str:
    listed = isinstance(here, Sequence) and not isinstance(here, str)
    if not (isinstance(here, Mapping) if isinstance(step, Member) else listed):
        raise LookupError(step)
    if isinstance(step, Member):
        return step.name
    if isinstance(step, Index):
        return step.position
    return _matching(here, step)


def _matching(here: Sequence[Any], step: Match) -> int:
    found = [at for at, one in enumerate(here) if isinstance(one, Mapping) and one.get(step.name) == step.value]
    if len(found) != 1:
        raise LookupError(step.value)
    return found[0]
