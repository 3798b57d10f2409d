"""Check one profile file's table: every key known, every type right, so that a typo never loosens a bound."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from keybound.domain.durations import seconds
from keybound.domain.errors import BadInput
from keybound.domain.keys import parse_key
from keybound.domain.names import is_name, variable_fault
from keybound.domain.readings import Value
from keybound.domain.rules import is_list, rule_fault
from keybound.domain.states import REACTIONS, STATES, WAYS

SCHEMA = 1
Table: TypeAlias = Mapping[str, Value]


class ProfileFault(Exception):
    """What is wrong in a profile, and at which key, for a locator to turn into a line."""

    def __init__(self, keypath: Sequence[str], what: str, hint: str = "") -> None:
        super().__init__(what)
        self.keypath = tuple(keypath)
        self.what = what
        self.hint = hint


def check_table(table: Table, allowed: frozenset[str] = frozenset()) -> None:
    """Raise ProfileFault at the first key that is unknown or has a wrong value. ``allowed``: from policy.toml."""
    _known((), table, _TOP)
    if table.get("schema", SCHEMA) != SCHEMA or isinstance(table.get("schema"), bool):
        raise ProfileFault(["schema"], f"this version reads schema {SCHEMA}")
    for name, check in _TOP.items():
        if name in table and check is not None:
            check((name,), table[name])
    for variable in _table(("env",), table.get("env", {})):
        if fault := variable_fault(variable, allowed):
            raise ProfileFault(["env", variable], fault)
    for name, token in _table(("tokens",), table.get("tokens", {})).items():
        for variable in _texts(("tokens", name, "env"), _table(("tokens", name), token).get("env", [])):
            if fault := variable_fault(variable, allowed):
                raise ProfileFault(["tokens", name, "env"], fault)


def _known(at: tuple[str, ...], table: Table, names: Mapping[str, object]) -> None:
    for name in table:
        if name not in names:
            near = [known for known in names if known[:3] == name[:3]]
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(names)}."
            raise ProfileFault([*at, name], f"unknown key {name!r}", hint)


def _table(at: tuple[str, ...], value: Value) -> Table:
    if not isinstance(value, Mapping):
        raise ProfileFault(at, "this must be a table")
    return value


def _text(at: tuple[str, ...], value: Value) -> None:
    if not isinstance(value, str):
        raise ProfileFault(at, "this must be a text in quotes")


def _texts(at: tuple[str, ...], value: Value) -> list[str]:
    items = [value] if isinstance(value, str) else value
    if not is_list(items) or not all(isinstance(item, str) for item in items):  # type: ignore[union-attr]
        raise ProfileFault(at, "this must be a list of texts")
    return [str(item) for item in items]  # type: ignore[union-attr]


def _list_of_texts(at: tuple[str, ...], value: Value) -> None:
    if isinstance(value, str):
        raise ProfileFault(at, "this must be a list, in brackets")
    _texts(at, value)


def _text_or_texts(at: tuple[str, ...], value: Value) -> None:
    _texts(at, value)


def _flags(at: tuple[str, ...], value: Value) -> None:
    for name, flag in _table(at, value).items():
        if not isinstance(flag, bool):
            raise ProfileFault([*at, name], "a flag is true or false")


def _roles(at: tuple[str, ...], value: Value) -> None:
    table = _table(at, value)
    _known(at, table, {"active": 0, "grants": 0})
    if "active" in table:
        _list_of_texts((*at, "active"), table["active"])
    for role, grants in _table((*at, "grants"), table.get("grants", {})).items():
        _list_of_texts((*at, "grants", role), grants)


def _env(at: tuple[str, ...], value: Value) -> None:
    for name, text in _table(at, value).items():
        _text((*at, name), text)


def _files(at: tuple[str, ...], value: Value) -> None:
    for name, path in _table(at, value).items():
        if not is_name(name):
            raise ProfileFault([*at, name], f"{name!r} is not a name for a file (a-z 0-9 . _ -)")
        _text((*at, name), path)
        if not path or "\0" in str(path):
            raise ProfileFault([*at, name], "this is not a path")


def _tokens(at: tuple[str, ...], value: Value) -> None:
    for name, token in _table(at, value).items():
        if not is_name(name):
            raise ProfileFault([*at, name], f"{name!r} is not a name for a token (a-z 0-9 . _ -)")
        _token((*at, name), _table((*at, name), token))


def _token(at: tuple[str, ...], table: Table) -> None:
    _known(at, table, _TOKEN)
    for name, check in _TOKEN.items():
        if name in table:
            check((*at, name), table[name])
    if "expires" in table and "ttl" in table:
        raise ProfileFault([*at, "ttl"], "a token has expires or ttl, not both")


def _when(at: tuple[str, ...], value: Value) -> None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ProfileFault(at, "this must be a date and time with a zone, as in 2027-01-31T00:00:00Z")


def _span(at: tuple[str, ...], value: Value) -> None:
    _text(at, value)
    try:
        seconds(str(value))
    except BadInput as error:
        raise ProfileFault(at, error.what, error.hint) from None


def _reaction(at: tuple[str, ...], value: Value) -> None:
    if value not in REACTIONS:
        raise ProfileFault(at, f"{value!r} is not a reaction", f"Known: {', '.join(REACTIONS)}.")


def _inside(at: tuple[str, ...], value: Value) -> None:
    if value not in ("ignore", "warn"):
        raise ProfileFault(at, f"inside takes ignore or warn, not {value!r}")


def _ways(at: tuple[str, ...], value: Value) -> None:
    _list_of_texts(at, value)
    for way in _texts(at, value):
        if way not in WAYS:
            raise ProfileFault(at, f"{way!r} is not a way of release", f"Known: {', '.join(sorted(WAYS))}.")


def _bool(at: tuple[str, ...], value: Value) -> None:
    if not isinstance(value, bool):
        raise ProfileFault(at, "this must be true or false")


def _command(at: tuple[str, ...], value: Value) -> None:
    table = _table(at, value)
    _known(at, table, {"command": 0, "before": 0, "timeout": 0, "inputs": 0})
    if "command" not in table or not _texts((*at, "command"), table["command"]):
        raise ProfileFault(at, "command is missing: a list of the program and its arguments")
    for name in ("before", "timeout"):
        if name in table:
            _span((*at, name), table[name])


def _bound(at: tuple[str, ...], value: Value) -> None:
    for key, boundary in _table(at, value).items():
        here = (*at, key)
        try:
            parse_key(key)
        except BadInput as error:
            raise ProfileFault(here, error.what, error.hint) from None
        rules = _table(here, boundary)
        if not set(rules) - {"inside", "outside"}:
            raise ProfileFault(here, "a boundary needs a rule", "For example { equals = true }.")
        for name, limit in rules.items():
            if name == "outside":
                _reaction((*here, name), limit)
            elif name == "inside":
                _inside((*here, name), limit)
            elif fault := rule_fault(name, limit):
                raise ProfileFault([*here, name], fault)


def _expect(at: tuple[str, ...], value: Value) -> None:
    if not is_list(value):
        raise ProfileFault(at, "write [[expect]], with two brackets")
    for number, one in enumerate(value):  # type: ignore[arg-type]
        here = (*at, str(number))
        table = _table(here, one)
        _known(here, table, {"when": 0, "then": 0})
        _table((*here, "when"), table.get("when", {}))
        for token, state in _table((*here, "then"), table.get("then", {})).items():
            if state not in STATES:
                raise ProfileFault([*here, "then", token], f"{state!r} is not a state", f"Known: {', '.join(STATES)}.")


def _any(at: tuple[str, ...], value: Value) -> None:
    """Anything goes."""


Check = Callable[[tuple[str, ...], Value], None]
_TOKEN: Mapping[str, Check] = {
    "env": _text_or_texts,
    "kind": _text,
    "scopes": _list_of_texts,
    "expires": _when,
    "ttl": _span,
    "outside": _reaction,
    "release": _ways,
    "callers": _list_of_texts,
    "refresh": _command,
    "revoke": _command,
    "wipe": _bool,
    "bound": _bound,
}
_TOP: Mapping[str, Check] = {
    "schema": _any,
    "description": _text,
    "extends": _text,
    "settings": _table,  # type: ignore[dict-item]
    "flags": _flags,
    "roles": _roles,
    "env": _env,
    "files": _files,
    "tokens": _tokens,
    "expect": _expect,
}
