"""npm's own reading of an npmrc: the rules of its ``ini`` package, which never refuses a line.

Unlike the format ``npmrc`` of this project, what stands twice is the last one, and a section hides its keys.
"""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

_LINE = re.compile(r"\[([^\]]*)\]\s*|([^=]+)(=(.*))?")
_WORDS = {"true": True, "false": False, "null": None}
_VARIABLE = re.compile(r"(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}")

NpmValue: TypeAlias = object  # text, a truth value, None, or whatever quoted JSON holds


class Setting(NamedTuple):
    """A value and the line it stands on, from 1."""

    value: NpmValue
    line: int


def settings(text: str) -> dict[str, Setting]:
    """The settings outside sections; of a list only that it is one."""
    found: dict[str, Setting] = {}
    inside = False
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if not line.strip() or line.lstrip()[0] in ";#":
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match[1] is not None:
            inside = True
        elif not inside:
            name = str(_bare(match[2]))
            value = _bare(match[4]) if match[3] else True
            value = _WORDS.get(value, value) if isinstance(value, str) else value
            listed = len(name) > 2 and name.endswith("[]")
            name = name[:-2] if listed else name
            listed = listed or (name in found and isinstance(found[name].value, list))
            found[name] = Setting([value] if listed else value, number)
    return found


def _bare(text: str) -> NpmValue:
    """A key or value without its quotes, or up to its comment."""
    text = text.strip()
    if text[:1] in ("'", '"') and text[:1] == text[-1:]:
        text = text[1:-1] if text[0] == "'" else text
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    kept, escaped = "", False
    for one in text:
        if escaped:
            kept += one if one in "\\;#" else f"\\{one}"
            escaped = False
        elif one in ";#":
            break
        elif one == "\\":
            escaped = True
        else:
            kept += one
    return (kept + ("\\" if escaped else "")).strip()


def names_in(text: str) -> set[str]:
    """The variables that a value refers to."""
    return {found[2] for found in _VARIABLE.finditer(text)}


def replaced(text: str, environ: Mapping[str, str]) -> str:
    """The text with ``${NAME}`` put in; one that is not set stays, but ``${NAME?}`` is then empty."""

    def put(found: re.Match[str]) -> str:
        backslashes, name, optional = found.groups()
        if len(backslashes) % 2:
            return found.group()[(len(backslashes) + 1) // 2 :]
        value = environ.get(name, "" if optional else f"${{{name}}}")
        return backslashes[len(backslashes) // 2 :] + value

    return _VARIABLE.sub(put, text)
