"""What a profile file may hold: every key known, every type right."""

import re
from collections.abc import Mapping

from keybound.domain.errors import BadInputError
from keybound.domain.file_formats import FORMATS
from keybound.domain.profile.shapes import (
    Anything,
    At,
    Choice,
    Entries,
    Fields,
    Json,
    Moment,
    Only,
    Shape,
    Span,
    Switch,
    Table,
    TableError,
    Tables,
    Text,
    Texts,
    as_table,
    texts_of,
)
from keybound.domain.rules.registry import RULES, find_rule, rule_fault
from keybound.domain.values.keys import parse_key
from keybound.domain.values.moments import end_moment
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Value
from keybound.domain.values.variables import variable_fault
from keybound.domain.verdict.states import REACTIONS, STATES, WAYS

SCHEMA = 1
NAME = "^[a-z0-9][a-z0-9._-]{0,63}$"
NOW = "now"  # in [[expect]]: the moment that is supposed


def check_table(table: Table, allowed: frozenset[str] = frozenset()) -> None:
    """Raise TableError at the first key that is unknown or has a wrong value. ``allowed``: from policy.toml."""
    PROFILE.check((), table)
    for variable in as_table(("env",), table.get("env", {})):
        if fault := variable_fault(variable, allowed):
            raise TableError(["env", variable], fault)
    for name, token in as_table(("tokens",), table.get("tokens", {})).items():
        for variable in texts_of(as_table(("tokens", name), token).get("env", [])):
            if fault := variable_fault(variable, allowed):
                raise TableError(["tokens", name, "env"], fault)


def _name_fault(what: str, name: str) -> str:
    return "" if is_name(name) else f"{name!r} is not a valid {what} name (a-z 0-9 . _ -)"


def key_fault(at: At, key: str) -> None:
    """Raise TableError where ``key`` is none."""
    try:
        parse_key(key)
    except BadInputError as error:
        raise TableError(at, error.what, error.hint) from None


class Path:
    """A path in ``[files]``."""

    def check(self, at: At, value: Value) -> None:
        """It can be a path."""
        Text().check(at, value)
        if not value or "\0" in str(value):
            raise TableError(at, "not a path")

    def schema(self) -> Json:
        """A string."""
        return {"type": "string", "minLength": 1}


class NamedFile:
    """An entry of ``[files]``: a path, or a table of a path and its format."""

    _table = Fields({"path": Path(), "format": Choice("a format", FORMATS)}, ("path",))

    def check(self, at: At, value: Value) -> None:
        """It is a path, or such a table."""
        (self._table if isinstance(value, Mapping) else Path()).check(at, value)

    def schema(self) -> Json:
        """One of the two."""
        return {"anyOf": [Path().schema(), self._table.schema()]}


class Boundary:
    """The rules of one binding with its reactions."""

    def check(self, at: At, value: Value) -> None:
        """At least one rule, each with what it takes."""
        rules = as_table(at, value)
        if not set(rules) - set(BINDING_OPTIONS):
            raise TableError(at, "a boundary needs a rule", "For example { equals = true }.")
        for name, limit in rules.items():
            if name in BINDING_OPTIONS:
                BINDING_OPTIONS[name].check((*at, name), limit)
            elif fault := rule_fault(name, limit):
                raise TableError([*at, name], fault)

    def schema(self) -> Json:
        """An object of rules."""
        told = {name: dict(kind.schema) for name in RULES if (kind := find_rule(name))}
        manners = {name: shape.schema() for name, shape in BINDING_OPTIONS.items()}
        return {"type": "object", "properties": {**told, **manners}, "additionalProperties": False, "minProperties": 1}


class Bounds:
    """``[tokens.NAME.bound]``: keys and boundaries."""

    def check(self, at: At, value: Value) -> None:
        """Every key is one, and bound by a boundary."""
        for key, boundary in as_table(at, value).items():
            key_fault((*at, key), key)
            Boundary().check((*at, key), boundary)

    def schema(self) -> Json:
        """An object of boundaries."""
        return {"type": "object", "additionalProperties": Boundary().schema()}


class When:
    """Readings that a scenario supposes."""

    def check(self, at: At, value: Value) -> None:
        """Every key is one, or ``now`` with a moment."""
        for key, supposed in as_table(at, value).items():
            if key == NOW:
                Moment().check((*at, key), supposed)
            else:
                key_fault((*at, key), key)

    def schema(self) -> Json:
        """Keys and values."""
        return {"type": "object", "properties": {NOW: Moment().schema()}}


class Token:
    """``[tokens.NAME]``."""

    def check(self, at: At, value: Value) -> None:
        """Its fields, and not two ends of time."""
        _TOKEN.check(at, value)
        if "expires" in as_table(at, value) and "ttl" in as_table(at, value):
            raise TableError([*at, "ttl"], "a token has either expires or ttl, not both")

    def schema(self) -> Json:
        """An object that has not both."""
        return {**_TOKEN.schema(), "not": {"required": ["expires", "ttl"]}}


class End:
    """When a token ends."""

    def check(self, at: At, value: Value) -> None:
        """It is a date, or a date and time."""
        if end_moment(value) is None:
            raise TableError(at, "must be a date or a date and time, without quotes", "For example 2027-01-31.")

    def schema(self) -> Json:
        """TOML's dates and times; editors see them as strings."""
        return {"type": "string"}


class Minting:
    """``mint``: what it may hold is loaded with the first minted token."""

    def check(self, at: At, value: Value) -> None:
        """Its fields are known and right."""
        from keybound.domain.profile.mint import MINT

        MINT.check(at, value)

    def schema(self) -> Json:
        """An object of these fields."""
        from keybound.domain.profile.mint import MINT

        return MINT.schema()


class Argv:
    """A program and its arguments."""

    def check(self, at: At, value: Value) -> None:
        """At least the program."""
        Texts(bare=True).check(at, value)
        if not texts_of(value) or not texts_of(value)[0]:
            raise TableError(at, "must be a list of the program and its arguments")

    def schema(self) -> Json:
        """A string, or an array that is not empty."""
        return {"anyOf": [{"type": "string", "minLength": 1}, {**Texts().schema(), "minItems": 1}]}


class ProbeTable:
    """``probe``: how often, or by which command."""

    _table = Fields({"every": Span(), "command": Argv(), "timeout": Span(), "inputs": Texts()})

    def check(self, at: At, value: Value) -> None:
        """Its fields, and at least one of the two."""
        self._table.check(at, value)
        if not {"every", "command"} & as_table(at, value).keys():
            raise TableError(at, "probe needs every or command", 'For example { every = "1d" }.')

    def schema(self) -> Json:
        """An object with one of them."""
        return {**self._table.schema(), "anyOf": [{"required": ["every"]}, {"required": ["command"]}]}


class Issuer:
    """The address of an OAuth 2.0 server."""

    def check(self, at: At, value: Value) -> None:
        """It begins with https:// and has neither query nor fragment (RFC 8414, section 2)."""
        Text().check(at, value)
        if not re.fullmatch(r"https://[^/?#@\s]+(/[^?#\s]*)?", str(value)):
            raise TableError(at, "must be an https address", "For example https://auth.example.com.")

    def schema(self) -> Json:
        """A string that begins so."""
        return {"type": "string", "pattern": "^https://"}


class OneWay:
    """A table that says one of two ways, and not both."""

    def __init__(self, fields: Fields, ways: tuple[str, str]) -> None:
        self.fields, self.ways = fields, ways

    def check(self, at: At, value: Value) -> None:
        """Its fields, and exactly one way."""
        self.fields.check(at, value)
        table = as_table(at, value)
        if sum(way in table and table[way] is not False for way in self.ways) != 1:
            raise TableError(at, f"needs either {self.ways[0]} or {self.ways[1]}")

    def schema(self) -> Json:
        """An object with one of them."""
        return {**self.fields.schema(), "oneOf": [{"required": [way]} for way in self.ways]}


REACTION = Choice("a reaction", tuple(REACTIONS))
WAYS_OUT = Texts(Choice("a way of release", tuple(sorted(WAYS))))
BINDING_OPTIONS: Mapping[str, Choice | Span] = {
    "outside": REACTION,
    "inside": Choice("what inside takes", ("ignore", "warn")),
    "grace": Span(),
}
_COMMAND: Mapping[str, Shape] = {"command": Argv(), "timeout": Span(), "inputs": Texts()}
_RUN = "a program that is run only when approved, in the folder of this file"
_REFRESH = OneWay(
    Fields(
        {
            **_COMMAND,
            "multiline": Switch(),
            "before": Span(),
            "oauth": Fields(
                {"issuer": Issuer(), "client_id": Text(), "scopes": Texts(), "flow": Choice("a flow", ("device",))},
                needed=("issuer", "client_id"),
                words="a client without a secret of an OAuth 2.0 server",
            ),
        },
        words=f"how a new secret is had: {_RUN}, or OAuth 2.0",
    ),
    ("command", "oauth"),
)
_REVOKE = OneWay(
    Fields(
        {**_COMMAND, "provider": Switch(), "on_expiry": Switch()},
        words=f"how a secret is ended: {_RUN}, or the provider's own request",
    ),
    ("command", "provider"),
)
_PROBE = ProbeTable()
_JWT = OneWay(Fields({"key": Path(), "jwks": Path()}), ("key", "jwks"))
_TOKEN = Fields(
    {
        "env": Texts(bare=True),
        "kind": Text(),
        "mint": Minting(),
        "scopes": Texts(),
        "expires": End(),
        "ttl": Span(),
        "outside": REACTION,
        "grace": Span(),
        "release": WAYS_OUT,
        "callers": Texts(),
        "refresh": _REFRESH,
        "revoke": _REVOKE,
        "overlap": Span(),
        "probe": _PROBE,
        "jwt": _JWT,
        "wipe": Switch(),
        "bound": Bounds(),
    },
    words="one token",
)
PROFILE = Fields(
    {
        "schema": Only(SCHEMA),
        "description": Text(),
        "extends": Text(),
        "settings": Entries(Anything()),
        "flags": Entries(Switch("a flag is true or false")),
        "roles": Fields({"active": Texts(), "grants": Entries(Texts())}),
        "env": Entries(Text()),
        "files": Entries(NamedFile(), lambda name: _name_fault("file", name), NAME),
        "tokens": Entries(Token(), lambda name: _name_fault("token", name), NAME),
        "expect": Tables(Fields({"when": When(), "then": Entries(Choice("a state", tuple(STATES)))})),
    },
    words="a Keybound profile",
)
