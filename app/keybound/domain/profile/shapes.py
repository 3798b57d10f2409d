"""Shapes of tables: one definition both checks what is written and tells it as JSON Schema (draft 2020-12)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from keybound.domain.errors import BadInputError
from keybound.domain.rules.values import is_list
from keybound.domain.values.durations import seconds
from keybound.domain.values.readings import Value

At: TypeAlias = tuple[str, ...]
Table: TypeAlias = Mapping[str, Value]
Json: TypeAlias = dict[str, object]


class TableError(Exception):
    """What is wrong in a table, and at which key, for a locator to turn into a line. ``also``: the other key of two."""

    def __init__(self, keypath: Sequence[str], what: str, hint: str = "", also: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.keypath = tuple(keypath)
        self.what = what
        self.hint = hint
        self.also = tuple(also)


class Shape(Protocol):
    """What may stand at a place."""

    def check(self, at: At, value: Value) -> None:
        """Raise TableError where ``value`` has another shape."""

    def schema(self) -> Json:
        """The same as JSON Schema. Where that cannot say all, it is the wider one: an editor never refuses good text."""


def as_table(at: At, value: Value) -> Table:
    """The value as a table, or TableError."""
    if not isinstance(value, Mapping):
        raise TableError(at, "must be a table")
    return value


def texts_of(value: Value) -> list[str]:
    """One text or a list of texts as a list; what is none of them is left out."""
    items: Sequence[Value] = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [item for item in items if isinstance(item, str)]


class Anything:
    """No limit."""

    def check(self, at: At, value: Value) -> None:
        """Anything goes."""

    def schema(self) -> Json:
        """The schema that allows everything."""
        return {}


class Text:
    """A text."""

    def check(self, at: At, value: Value) -> None:
        """It is a text."""
        if not isinstance(value, str):
            raise TableError(at, "must be text in quotes")

    def schema(self) -> Json:
        """A string."""
        return {"type": "string"}


class Switch:
    """True or false."""

    def __init__(self, what: str = "must be true or false") -> None:
        self.what = what

    def check(self, at: At, value: Value) -> None:
        """It is a boolean."""
        if not isinstance(value, bool):
            raise TableError(at, self.what)

    def schema(self) -> Json:
        """A boolean."""
        return {"type": "boolean"}


class Only:
    """One number and nothing else, as in ``schema = 1``."""

    def __init__(self, number: int) -> None:
        self.number = number

    def check(self, at: At, value: Value) -> None:
        """It is that number."""
        if value != self.number or isinstance(value, bool):
            raise TableError(at, f"this version supports only {at[-1]} {self.number}")

    def schema(self) -> Json:
        """A constant."""
        return {"const": self.number}


class Choice:
    """One of some words."""

    def __init__(self, what: str, words: Collection[str]) -> None:
        self.what, self.words = what, words

    def check(self, at: At, value: Value) -> None:
        """It is one of the words."""
        if not isinstance(value, str) or value not in self.words:
            raise TableError(at, f"{value!r} is not {self.what}", f"Known: {', '.join(self.words)}.")

    def schema(self) -> Json:
        """An enumeration."""
        return {"enum": list(self.words)}


class Texts:
    """A list of texts, each of a shape. ``bare``: one text may stand without brackets."""

    def __init__(self, each: Shape | None = None, *, bare: bool = False) -> None:
        self.each, self.bare = each or Text(), bare

    def check(self, at: At, value: Value) -> None:
        """It is a list of texts."""
        if isinstance(value, str) and not self.bare:
            raise TableError(at, "must be a list, in brackets")
        if not isinstance(value, str) and not (is_list(value) and len(texts_of(value)) == len(value)):  # type: ignore[arg-type]
            raise TableError(at, "must be a list of texts in quotes")
        for text in texts_of(value):
            self.each.check(at, text)

    def schema(self) -> Json:
        """An array of strings, or one string too."""
        many: Json = {"type": "array", "items": self.each.schema()}
        return {"anyOf": [self.each.schema(), many]} if self.bare else many


class Span:
    """A span of time: 30d."""

    def check(self, at: At, value: Value) -> None:
        """It is a span."""
        Text().check(at, value)
        try:
            seconds(str(value))
        except BadInputError as error:
            raise TableError(at, error.what, error.hint) from None

    def schema(self) -> Json:
        """A string of that form."""
        return {"type": "string", "pattern": "^0*[1-9][0-9]{0,5}[smhdw]$|^[0-9]{1,6}[smhdw]$"}


class Moment:
    """A date and time with a zone."""

    def check(self, at: At, value: Value) -> None:
        """It has a zone."""
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TableError(at, "must be a date and time with a zone, as in 2027-01-31T00:00:00Z")

    def schema(self) -> Json:
        """TOML's date-time; editors see it as a string."""
        return {"type": "string", "format": "date-time"}


class Fields:
    """A table of known keys; an unknown one is an error, so that a typo never loosens a bound."""

    def __init__(self, known: Mapping[str, Shape], needed: tuple[str, ...] = (), words: str = "") -> None:
        self.known, self.needed, self.words = known, needed, words

    def check(self, at: At, value: Value) -> None:
        """Every key is known and has its shape."""
        table = as_table(at, value)
        for name in table:
            if name not in self.known:
                raise TableError([*at, name], f"unknown key {name!r}", self._hint(name))
        for name, shape in self.known.items():
            if name in table:
                shape.check((*at, name), table[name])
        for name in self.needed:
            if name not in table:
                raise TableError(at, f"{name} is missing")

    def _hint(self, name: str) -> str:
        near = [known for known in self.known if known[:3] == name[:3]]
        return f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(self.known)}."

    def schema(self) -> Json:
        """An object with these properties only."""
        told: Json = {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.known.items()},
            "additionalProperties": False,
        }
        told.update({"required": list(self.needed)} if self.needed else {})
        told.update({"description": self.words} if self.words else {})
        return told


class Entries:
    """A table of free keys. ``fault`` says what is wrong with a key, or ""."""

    def __init__(self, each: Shape, fault: Callable[[str], str] | None = None, pattern: str = "") -> None:
        self.each, self.fault, self.pattern = each, fault, pattern

    def check(self, at: At, value: Value) -> None:
        """Every key is good and every value has the shape."""
        for name, item in as_table(at, value).items():
            if self.fault is not None and (fault := self.fault(name)):
                raise TableError([*at, name], fault)
            self.each.check((*at, name), item)

    def schema(self) -> Json:
        """An object of anything of that shape."""
        told: Json = {"type": "object", "additionalProperties": self.each.schema()}
        return {**told, "propertyNames": {"pattern": self.pattern}} if self.pattern else told


class Tables:
    """An array of tables."""

    def __init__(self, each: Shape) -> None:
        self.each = each

    def check(self, at: At, value: Value) -> None:
        """Each element has the shape."""
        if not is_list(value) or not isinstance(value, list | tuple):
            raise TableError(at, f"write [[{at[-1]}]], with two brackets")
        for number, one in enumerate(value):
            self.each.check((*at, str(number)), one)

    def schema(self) -> Json:
        """An array of objects."""
        return {"type": "array", "items": self.each.schema()}
