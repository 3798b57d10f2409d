"""Addresses of configuration values, and the path grammar inside a file.

A bare dotted key is a profile key; ``file:NAME`` a named file, ``file:NAME#path`` a value in it; ``env:VAR``, ``cwd``,
``here:NAME#path``, ``git:…`` and the keys of tools (``kube:context``) are context keys: they belong to whoever asks.
``carried.identity`` and its like are the token's own: what it says of itself, or its provider of it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from keybound.domain.errors import BadInputError
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.names import is_name
from keybound.domain.values.variables import is_variable

CARRIED = "carried"
CARRIED_NAMES = ("identity", "scopes", "expires", "issuer", "audience")
PROFILE_ROOTS = ("settings", "flags", "roles", "env", "files")
CONTEXT_KINDS = frozenset({"env", "cwd", "here", "git"})


class Member(NamedTuple):
    """A key of a table."""

    name: str


class Index(NamedTuple):
    """An element of a list, by position from 0."""

    position: int


class Match(NamedTuple):
    """The element of a list of tables whose ``name`` has the text ``value``."""

    name: str
    value: str


Step: TypeAlias = Member | Index | Match


class Key(NamedTuple):
    """A parsed key. ``kind``: profile, file, carried, env, cwd, here, git, or a tool. ``name``: of a file, a variable, a tool's
    key, or of what is carried.
    """

    text: str
    kind: str
    name: str = ""
    path: tuple[Step, ...] = ()

    @property
    def context(self) -> bool:
        """Whether the reading belongs to whoever asks."""
        return self.kind in CONTEXT_KINDS or self.kind in TOOLS


def is_context(text: str) -> bool:
    """Whether the key of this text is a context key; "" is none."""
    kind = text.partition(":")[0]
    return kind in CONTEXT_KINDS or kind in TOOLS


_BARE = re.compile(r"[A-Za-z0-9_-]+")
_INDEX = re.compile(r"\[(\d{1,9})\]")
_MATCH = re.compile(r"\[([A-Za-z0-9_-]+)=((?:[^\]\\]|\\.)*)\]")
_BASIC = re.compile(r'"((?:[^"\\]|\\.)*)"')
_LITERAL = re.compile(r"'([^']*)'")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_SHORT = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_LONG = {character: f"\\{code}" for code, character in _SHORT.items()}


def parse_key(text: str) -> Key:
    """Read a key; raise BadInputError that says what is wrong with it."""
    kind, colon, rest = text.partition(":")
    if text == "cwd":
        return Key(text, "cwd")
    if colon and kind in ("file", "here"):
        return _file_key(text, kind, rest)
    if colon and kind == "env":
        if not is_variable(rest):
            raise BadInputError(f"{rest!r} in key {text!r} is not a variable name")
        return Key(text, "env", rest)
    if colon and kind == "git":
        return _git_key(text, rest)
    if colon and kind in TOOLS:
        return _tool_key(text, kind, rest)
    if colon and _BARE.fullmatch(kind):
        raise BadInputError(
            f"key {text!r}: unknown source {kind!r}", hint=f"Known: file, env, cwd, here, git, {', '.join(TOOLS)}."
        )
    path = parse_path(text)
    first = path[0]
    if first == Member(CARRIED):
        return _carried_key(text, path)
    if not isinstance(first, Member) or first.name not in PROFILE_ROOTS or len(path) < 2:
        raise BadInputError(
            f"unknown key {text!r}",
            hint="A profile key starts with settings. flags. roles. env. or files.; other keys look like file:NAME, env:VAR "
            "or carried.scopes.",
        )
    return Key(text, "profile", "", path)


def _file_key(text: str, kind: str, rest: str) -> Key:
    name, hash_, path = rest.partition("#")
    if kind == "file" and not is_name(name):
        raise BadInputError(f"{name!r} in key {text!r} is not the name of a file in [files]")
    if kind == "here" and (not name or "/" in name or name in (".", "..")):
        raise BadInputError(f"key {text!r} needs a file name, as in here:package.json#name")
    return Key(text, kind, name, parse_path(path) if hash_ else ())


def _carried_key(text: str, path: tuple[Step, ...]) -> Key:
    name = path[1].name if len(path) > 1 and isinstance(path[1], Member) else ""
    if (name in CARRIED_NAMES and len(path) == 2) or (name == "claims" and len(path) > 2):
        return Key(text, CARRIED, name, path[2:])
    known = [f"{CARRIED}.{one}" for one in (*CARRIED_NAMES, "claims.PATH")]
    raise BadInputError(f"unknown key {text!r}", hint=f"Known: {', '.join(known)}")


def _git_key(text: str, rest: str) -> Key:
    if rest == "branch" or re.fullmatch(r"remote\..+\.url|config\.[^.]+\..+", rest):
        return Key(text, "git", rest)
    raise BadInputError(f"unknown key {text!r}", hint="Known: git:branch, git:remote.NAME.url, git:config.SECTION.KEY")


def _tool_key(text: str, kind: str, rest: str) -> Key:
    tool = TOOLS[kind]
    name = ".".join(step.name if isinstance(step, Member) else "[]" for step in (parse_path(rest) if rest else ()))
    if name in tool.names or (tool.pattern and re.fullmatch(tool.pattern, name)):
        return Key(text, kind, name)
    known = [f"{kind}:{one}" for one in (*tool.names, *filter(None, [tool.more]))]
    raise BadInputError(f"unknown key {text!r}", hint=f"Known: {', '.join(known)}")


def parse_path(text: str) -> tuple[Step, ...]:
    """Read TOML's dotted keys with ``[0]`` and ``[name=value]``; raise BadInputError."""
    steps: list[Step] = []
    at = 0
    while at < len(text) or not steps:
        step, at = _element(text, at) if text[at : at + 1] == "[" else _member(text, at)
        steps.append(step)
        if text[at : at + 1] == "." and at + 1 < len(text):
            at += 1
        elif at < len(text) and text[at] != "[":
            raise BadInputError(
                f"{text!r} is not a path: cannot read {text[at:]!r}", hint='Quote unusual keys: "a b".c'
            )
    return tuple(steps)


def _member(text: str, at: int) -> tuple[Member, int]:
    if found := _BARE.match(text, at):
        return Member(found.group()), found.end()
    if found := _BASIC.match(text, at):
        return Member(_ESCAPE.sub(_unescape, found.group(1))), found.end()
    if found := _LITERAL.match(text, at):
        return Member(found.group(1)), found.end()
    raise BadInputError(
        f"{text!r} is not a path: a key is missing at {text[at:]!r}", hint='Quote unusual keys: "a b".c'
    )


def _element(text: str, at: int) -> tuple[Step, int]:
    if found := _INDEX.match(text, at):
        return Index(int(found.group(1))), found.end()
    if found := _MATCH.match(text, at):
        value = re.sub(r"\\(.)", r"\1", found.group(2))
        return Match(found.group(1), value.strip("\"'") if value[:1] in "\"'" else value), found.end()
    raise BadInputError(f"{text!r} is not a path: write [0] or [name=value], not {text[at:]!r}")


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    if len(code) > 1:
        point = int(code[1:], 16)
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise BadInputError(f"\\{code} in a path is not a character")
        return chr(point)
    if code not in _SHORT:
        raise BadInputError(f"\\{code} in a path is not an escape")
    return _SHORT[code]


def path_text(steps: Iterable[Step]) -> str:
    """A path as :func:`parse_path` reads it, quoted where it must be."""
    text = ""
    for step in steps:
        match step:
            case Member(name):
                text += f"{'.' if text else ''}{name if _BARE.fullmatch(name) else _quoted(name)}"
            case Index(position):
                text += f"[{position}]"
            case Match(name, value):
                escaped = re.sub(r"([]\\])", r"\\\1", value)
                text += f"[{name}={escaped}]"
    return text


def _quoted(text: str) -> str:
    return '"' + "".join(_LONG.get(one) or (one if ord(one) > 31 else f"\\u{ord(one):04x}") for one in text) + '"'
