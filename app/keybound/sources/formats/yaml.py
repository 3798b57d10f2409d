"""YAML by the core schema of YAML 1.2.

So ``yes``, ``no``, ``on`` and ``off`` are the strings that they look like (YAML 1.1 made them booleans), ``0777`` is the
number 777 and ``0o777`` is octal. A plain timestamp is a date or time, as in TOML; one that is no such moment is a
string. Merge keys (``<<``) work. Keys are read as they are written, so ``8080:`` is the member ``8080``. Several
documents are a list of them. Tags that build anything but these values are refused.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import BaseResolver

from keybound.domain.values.readings import Value
from keybound.sources.bounds import MOST_VALUES, too_many
from keybound.sources.formats.base import Format, Place
from keybound.sources.formats.yaml_graph import check_graph
from keybound.sources.parse_fault import ParseError, twice

_PARSER: Any = getattr(yaml.cyaml, "CParser", None) if yaml.__with_libyaml__ else None
_BASES: Any = (Composer, _PARSER, BaseResolver) if _PARSER else (yaml.SafeLoader,)
_TAG = "tag:yaml.org,2002:"
_MERGE = _TAG + "merge"
_TIME = r"(?:[Tt]|[ \t]+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?"
_CORE = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    ("timestamp", rf"\d{{4}}-\d\d-\d\d|\d{{4}}-\d\d?-\d\d?{_TIME}", list("0123456789")),
    ("merge", r"<<", ["<"]),
)


class _CoreLoader(*_BASES):  # type: ignore[misc]
    """Composes nodes with the tags of the core schema; constructs nothing.

    libyaml only parses: its own composer recurses in C and overflows the stack on a deeply nested file.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  the name is PyYAML's

    def __init__(self, text: str) -> None:
        for base in _BASES:
            base.__init__(self, *(() if base in (Composer, BaseResolver) else (text,)))
        self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._nodes += 1
        if self._nodes > MOST_VALUES:
            raise too_many()
        event = self.peek_event()
        if getattr(event, "tag", None) == "!":  # it makes a text of a number, which is not told from here on
            raise ParseError("the tag '!' is not read", int(event.start_mark.line) + 1)
        return super().compose_node(parent, index)


for _name, _pattern, _first in _CORE:
    _CoreLoader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)


def compose(text: str) -> list[yaml.Node]:
    """Return the root node of each document in ``text``. Raises ParseError; RecursionError on absurd nesting."""
    try:
        roots: list[yaml.Node] = list(yaml.compose_all(text, Loader=_CoreLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.count("\n", 0, -1) + 1  # at the end of a text libyaml counts one more
        raise ParseError(error.problem or "it is not YAML", min(mark.line + 1, last) if mark else None) from None
    except yaml.YAMLError:
        raise ParseError("it is not YAML: it contains a character that YAML does not allow") from None
    check_graph(roots)
    return roots


def parse_yaml(text: str) -> Value:
    """Return the value of a YAML text: of its one document, else a list of them.

    Raises ParseError; RecursionError on absurd nesting.
    """
    done: dict[int, Value] = {}
    documents = [_value(root, done) for root in compose(text)]
    return documents if len(documents) > 1 else documents[0] if documents else None


def _value(node: yaml.Node, done: dict[int, Value]) -> Value:
    if id(node) not in done:
        done[id(node)] = _build(node, done)
    return done[id(node)]


def _build(node: yaml.Node, done: dict[int, Value]) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
        return [_value(item, done) for item in node.value]
    if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
        return {name: _value(child, done) for name, (_, child) in members(node).items()}
    raise _tag_fault(node)


def members(node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Return key and value nodes by the key's text, merged ones included. Raises ParseError on a key that stands twice."""
    own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    merges = 0
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ParseError("a key is a list or a table", _line(key))
        if key.tag == _MERGE:
            merges += 1
            merged = _merged(child)
        elif key.value in own:
            raise twice(key.value, _line(key))
        else:
            own[key.value] = (key, child)
        if merges > 1:
            raise twice("<<", _line(key))
    return merged | own


def _merged(node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
    merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for source in sources:
        if not isinstance(source, yaml.MappingNode):
            raise ParseError("<< merges something that is not a table", _line(node))
        merged = members(source) | merged
    return merged


def _scalar(node: yaml.ScalarNode) -> Value:
    convert = _CONVERT.get(node.tag)
    if convert is None:
        raise _tag_fault(node)
    try:
        return convert(node.value)
    except (ValueError, OverflowError):
        raise ParseError(f"{node.value[:40]!r} is not a {node.tag.removeprefix(_TAG)}", _line(node)) from None


def _integer(text: str) -> int:
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _float(text: str) -> float:
    plain = text.lower()
    return float(plain.replace(".inf", "inf").replace(".nan", "nan")) if plain[-1:] in ("f", "n") else float(plain)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _moment(text: str) -> datetime | date | str:
    try:
        return date.fromisoformat(text) if len(text) == 10 else _datetime(text)
    except ValueError:
        return text


def _datetime(text: str) -> datetime:
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(\.\d*)?[ \t]*(\S*)", text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    micro = (fraction or ".")[1:7].ljust(6, "0")
    clock = f"{int(hour):02}:{minute}:{second}.{micro}{_zone(zone)}"
    return datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}")


def _zone(text: str) -> str:
    if text in ("", "Z"):
        return "+00:00" if text else ""
    hours, _, minutes = text[1:].partition(":")
    return f"{text[0]}{int(hours):02}:{minutes or '00'}"


def _nothing(text: str) -> None:
    return None


_CONVERT: dict[str, Callable[[str], Value]] = {
    _TAG + "str": str,
    _TAG + "null": _nothing,
    _TAG + "bool": _boolean,
    _TAG + "int": _integer,
    _TAG + "float": _float,
    _TAG + "timestamp": _moment,
    _TAG + "merge": str,
}


def _tag_fault(node: yaml.Node) -> ParseError:
    return ParseError(f"the tag {node.tag.replace(_TAG, '!!')!r} is not read", _line(node))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _place(text: str, names: Sequence[str]) -> Place | None:
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


FORMAT = Format(parse_yaml, _place)
