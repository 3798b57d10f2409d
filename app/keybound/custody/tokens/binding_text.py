"""Read ``KEY RULE=VALUE [RULE=VALUE]…`` as ``--bind`` takes it."""

import re
import tomllib

from keybound.domain.errors import BadInputError
from keybound.domain.profile.schema import BINDING_OPTIONS
from keybound.domain.profile.shapes import TableError
from keybound.domain.rules.registry import RULES, find_rule, rule_fault
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Value


def names() -> tuple[str, ...]:
    """All that a boundary may hold: rules and manners."""
    return (*RULES, *BINDING_OPTIONS)


def _next() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s+)({'|'.join(names())})=")


def split_bind(text: str) -> tuple[str, str]:
    """Split at the first space outside quotes and brackets."""
    depth, quote = 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "[]":
            depth += 1 if char == "[" else -1
        elif char == " " and depth == 0:
            return text[:at], text[at + 1 :].strip()
    return text, ""


def parse_bind(text: str) -> tuple[str, dict[str, Value]]:
    """Return the key and its boundary's table. Raises BadInputError that says what is wrong."""
    key, rest = split_bind(text.strip())
    if not key.startswith("file:"):  # a file may be named by its path, which is no key yet
        parse_key(key)
    return key, parse_rules(rest)


def parse_rules(text: str) -> dict[str, Value]:
    """Read ``RULE=VALUE …``: VALUE is the longest TOML value there, else a bare word. Raises BadInputError."""
    table: dict[str, Value] = {}
    at = 0
    while at < len(text):
        found = _next().match(text, at)
        if not found:
            raise BadInputError(
                f"cannot read {text[at:].strip()!r} as RULE=VALUE", hint=f"Known rules: {', '.join(names())}."
            )
        name = found.group(1)
        if name in table:
            raise BadInputError(f"{name} is given twice")
        value, at = _value(name, text, found.end())
        table[name] = _checked(name, value)
    if not table.keys() - BINDING_OPTIONS.keys():
        raise BadInputError("a boundary needs a rule", hint="For example equals=false.")
    return table


def _value(name: str, text: str, start: int) -> tuple[Value, int]:
    ends = [found.start() for found in _next().finditer(text, start) if found.start() > start] + [len(text)]
    kind = find_rule(name)
    if kind and kind.bare and not text[start:].startswith("["):
        return text[start : ends[0]], ends[0]
    for end in reversed(ends):
        try:
            return tomllib.loads(f"value = {text[start:end].strip()}")["value"], end
        except tomllib.TOMLDecodeError:
            continue
    word = text[start : ends[0]].strip()
    if " " in word:
        raise BadInputError(f"cannot read {word!r} after {name}=", hint="Put text that contains spaces in quotes.")
    return word, ends[0]


def _checked(name: str, value: Value) -> Value:
    if name in BINDING_OPTIONS:
        try:
            BINDING_OPTIONS[name].check((name,), value)
        except TableError as wrong:
            raise BadInputError(f"{name}={value}: {wrong.what}", hint=wrong.hint) from None
    elif fault := rule_fault(name, value):
        raise BadInputError(fault, hint=_example(name, value))
    return value


def _example(name: str, value: Value) -> str:
    """How a list is written, with what was given in its place."""
    kind = find_rule(name)
    if kind is None or "array" not in str(kind.schema.get("type")) or not isinstance(value, str):
        return ""
    items = ", ".join(f'"{one.strip()}"' for one in value.strip("[]{}() ").split(",") if one.strip())
    return f"Write it with brackets and quotes: '{name}=[{items}]'"
