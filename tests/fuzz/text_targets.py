"""Targets that read a text: keys, profiles, file formats, plain files, templates, merges."""

import json
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache

from keybound.domain.errors import BadInputError, KeyboundError
from keybound.domain.file_formats import FORMATS
from keybound.domain.profile.config import config_of
from keybound.domain.profile.inherit import effective, prepare
from keybound.domain.profile.policy import policy_of, violations
from keybound.domain.profile.schema import check_table
from keybound.domain.profile.shapes import TableError
from keybound.domain.seal.seal import definition_digest, definition_record, from_text, to_text
from keybound.domain.text.merge import merged
from keybound.domain.text.sanitize import clean, clean_lines
from keybound.domain.text.secret import Secret
from keybound.domain.text.template import filled, places
from keybound.domain.values.keys import Member, parse_key, parse_path, path_text
from keybound.sources.editing.edit_toml import set_value, unset
from keybound.sources.files.locate import line_of
from keybound.sources.formats.reading import parse
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import Taken
from keybound.sources.plain.reading import plain_secrets
from keybound.sources.plain.registry import KINDS, get_plain_file
from keybound.sources.profile_text import read_profile_table

Target = Callable[[bytes], None]
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def text_of(data: bytes) -> str:
    """Any bytes as text."""
    return data.decode("utf-8", "replace")


def key(data: bytes) -> None:
    """A key is refused in words; a path that is read is written again as what reads the same."""
    text = text_of(data)
    try:
        parse_key(text)
    except BadInputError:
        pass
    try:
        steps = parse_path(text)
    except BadInputError:
        return
    assert parse_path(path_text(steps)) == steps


def profile(data: bytes) -> None:
    """A profile is refused in words, or judged by a policy, sealed, and read back from its seal."""
    try:
        table = read_profile_table(text_of(data), "p.toml")
        check_table(table)
        made = effective(["p"], ["/p.toml"], [prepare(table, "/", "/home/u")])
    except (BadInputError, TableError):
        return
    for token in made.tokens.values():
        record = definition_record(token, made)
        again = from_text(to_text(record))
        assert again is not None
        assert definition_digest(again) == definition_digest(record)


def settings(data: bytes) -> None:
    """config.toml and policy.toml."""
    try:
        table = read_profile_table(text_of(data), "config.toml")
    except BadInputError:
        return
    for read in (config_of, policy_of):
        try:
            read(table)
        except TableError:
            continue


def policy(data: bytes) -> None:
    """A policy over a profile: both in one text, parted by a line of dashes."""
    one, _, other = text_of(data).partition("\n---\n")
    try:
        rules = policy_of(read_profile_table(one, "policy.toml"))
        table = read_profile_table(other, "p.toml")
        check_table(table)
        made = effective(["p"], ["/p.toml"], [prepare(table, "/", "/home/u")])
    except (BadInputError, TableError):
        return
    violations(rules, made, _NOW)


def edit(data: bytes) -> None:
    """A value is set in a text, and nothing else; and unset again."""
    text = text_of(data)
    try:
        before = read_profile_table(text, "p.toml")
    except BadInputError:
        return
    try:
        changed = set_value(text, ["settings", "fuzzed"], 7)
    except KeyboundError:
        return
    after = tomllib.loads(changed)
    assert after["settings"].pop("fuzzed") == 7
    held = before.get("settings", {})
    assert isinstance(held, Mapping)
    wanted = {**before, "settings": {name: value for name, value in held.items() if name != "fuzzed"}}
    assert repr(after) == repr(wanted), "something else was changed"
    gone = tomllib.loads(unset(changed, ["settings", "fuzzed"]))
    assert "fuzzed" not in gone.get("settings", {})


def seal(data: bytes) -> None:
    """The text of a seal, as the state keeps it."""
    record = from_text(text_of(data))
    if record is not None:
        definition_digest(record)


def template(data: bytes) -> None:
    """A template is filled, and nothing but its places changes."""
    try:
        made = filled(data, {"a/b": Secret("SECRET"), "b": Secret("OTHER")}, "t")
    except KeyboundError:
        return
    if not places(data) and b"{{{{" not in data:
        assert made == data


def merge(data: bytes) -> None:
    """Three texts, parted by 0x00."""
    base, mine, theirs = [*text_of(data).split("\0"), "", ""][:3]
    assert merged(base, base, theirs) == theirs
    assert merged(base, mine, base) == mine
    assert merged(base, mine, theirs) == merged(base, theirs, mine)


def shown(data: bytes) -> None:
    """What is shown drives no terminal."""
    text = text_of(data)
    assert not any(char < " " or char == "\x7f" or "\x80" <= char < "\xa0" for char in clean(text))
    assert "\x1b" not in clean_lines(text)


def format_target(name: str) -> Target:
    """A file of a format: a fault with its line, or values that JSON can hold, and a place for each of the first keys."""

    def target(data: bytes) -> None:
        try:
            values = parse("f", data, name)
        except ParseError as fault:
            _check_line(fault.line, data)
            return
        json.dumps(values, default=str)
        text = data.decode().removeprefix("\ufeff")
        if isinstance(values, dict):
            for one in list(values)[:3]:
                line_of("f", text, [Member(one)], name)

    return target


def _check_line(line: int | None, data: bytes) -> None:
    assert line is None or 1 <= line <= data.count(b"\n") + data.count(b"\r") + 1


def plain_target(kind: str) -> Target:
    """A file of secrets: found, each with its line, and taken out."""

    def target(data: bytes) -> None:
        try:
            found = plain_secrets(kind, "f", data)
        except ParseError:
            return
        file = get_plain_file(kind)
        taken = [Taken(one.found, one.line, "VARIABLE", "helper") for one in found]
        if taken and file.without is not None:
            with suppress(ValueError):  # then it is said that it cannot be rewritten safely
                file.without(data.decode().removeprefix("\ufeff"), taken)
        for one in found:
            file.variable(one.found)

    return target


@cache
def text_targets() -> dict[str, Target]:
    """All of them by name."""
    named = {one.__name__: one for one in (key, profile, settings, policy, edit, seal, template, merge, shown)}
    formats = {f"format-{name}": format_target(name) for name in FORMATS}
    plain = {f"plain-{name}": plain_target(name) for name in KINDS}
    return {**named, **formats, **plain}
