"""What a rule of a boundary is: how it is written, what it lets through, and its words."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from keybound.domain.values.readings import Value


class Rule(NamedTuple):
    """One rule as a boundary has it: ``equals``, ``one_of``… and what it is compared with."""

    name: str
    value: Value


class Matcher(Protocol):
    """A linear-time regular expression match of a whole value. Raises ValueError for what cannot be judged."""

    def __call__(self, pattern: str, text: str) -> bool:
        """Whether ``pattern`` matches the whole of ``text``."""


class Versions(Protocol):
    """An order of versions. Raises ValueError where ``limit`` is no version."""

    def __call__(self, scheme: str, text: str, limit: str) -> int | None:
        """-1, 0 or 1 as ``text`` stands to ``limit`` by the scheme; None where ``text`` is no version."""


class Tools(NamedTuple):
    """What the rules need from libraries."""

    matches: Matcher
    versions: Versions


class Given(NamedTuple):
    """What a rule may ask for beside the value. ``unchanged``: whether the reading equals the approved one."""

    tools: Tools
    unchanged: bool


class RuleKind(NamedTuple):
    """What all rules of one name have in common.

    ``takes``: what it is written with, in words; ``fits``: whether a value is that; ``schema``: the same as JSON Schema.
    ``inside``: whether a value is inside the limit; raises ValueError where that cannot be judged.
    ``words``: a text in which {} is the limit, or what makes one of a limit; ``sign``: the rule in one character.
    ``absent``: whether a key that has no value is inside. ``bare``: its limit is a text that is written without quotes.
    ``unordered``: the order of its list means nothing, so a seal ignores it. ``compares_approved``: it needs the approved
    reading. ``literal``: its limit is the one value that is inside.
    """

    takes: str
    fits: Callable[[Value], bool]
    schema: Mapping[str, object]
    inside: Callable[[Value, Value, Given], bool]
    words: str | Callable[[Value], str]
    sign: str = "·"
    absent: Callable[[Value], bool] = lambda _: False
    bare: bool = False
    unordered: bool = False
    compares_approved: bool = False
    literal: bool = False


def is_text(value: Value) -> bool:
    """Whether the value is a text."""
    return isinstance(value, str)


def is_true(value: Value) -> bool:
    """Whether the value is ``true``."""
    return value is True
