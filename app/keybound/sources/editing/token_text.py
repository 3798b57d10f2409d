"""A token's definition as it is written: give it another name, or carry it into another profile, comments and all."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import set_value, unset

_ANY_HEADER = re.compile(r"\s*\[{1,2}[^\[\]]+\]{1,2}\s*(#.*)?$")


def rename_token(text: str, old: str, new: str) -> str:
    """``text`` with the token under its new name, also in its ``[[expect]]``.

    Raises BadInputError where that cannot be done.
    """
    before = tomllib.loads(text)
    own = before["tokens"][old]
    changed = _renamed_headers(text.splitlines(keepends=True), old, new)
    if _tokens(changed) != {**_others(before, old), new: own}:
        changed = put_token(unset(text, ("tokens", old)), new, own)
    return _renamed_expectations(changed, old, new)


def _renamed_expectations(text: str, old: str, new: str) -> str:
    import tomlkit

    document: Any = tomlkit.parse(text)
    for one in document.get("expect", ()):
        then = one.get("then", {})
        if old in then:
            then[new] = then.pop(old)
    return tomlkit.dumps(document)


def carry_token(text: str, name: str, target: str, new: str) -> str:
    """``target`` with the definition that ``text`` has of ``name``, as it is written there. Raises BadInputError."""
    own = tomllib.loads(text)["tokens"][name]
    block = _renamed_headers(_block(text, name), name, new)
    head = target.rstrip("\n")
    carried = f"{head}\n\n{block.strip(chr(10))}\n" if head else block
    wanted = {**tomllib.loads(target).get("tokens", {}), new: own}
    return carried if block and _tokens(carried) == wanted else put_token(target, new, own)


def put_token(text: str, name: str, table: Mapping[str, Value]) -> str:
    """``text`` with a definition written anew, field by field. Raises BadInputError."""
    for field, value in table.items():
        parts = value.items() if field == "bound" and isinstance(value, Mapping) else ()
        for key, rules in parts:
            text = set_value(text, ("tokens", name, "bound", key), rules)
        if field != "bound":
            text = set_value(text, ("tokens", name, field), value)
    return text


def _block(text: str, name: str) -> Sequence[str]:
    """The lines of the token's tables, comments that stand in them too."""
    lines, taken, inside = text.splitlines(keepends=True), list[str](), False
    for line in lines:
        if _ANY_HEADER.match(line):
            inside = _header(name).match(line) is not None
        if inside:
            taken.append(line)
    while taken and (not taken[-1].strip() or taken[-1].lstrip().startswith("#")):
        taken.pop()  # a comment before the next table belongs to that one
    return taken


def _header(name: str) -> re.Pattern[str]:
    return re.compile(rf"(\s*\[\s*tokens\s*\.\s*)([\"']?){re.escape(name)}\2(?=\s*[.\]])")


def _renamed_headers(lines: Sequence[str], old: str, new: str) -> str:
    bare = new if re.fullmatch(r"[A-Za-z0-9_-]+", new) else f'"{new}"'
    header = _header(old)
    return "".join(header.sub(rf"\g<1>{bare}", line, count=1) if header.match(line) else line for line in lines)


def _tokens(text: str) -> object:
    try:
        return tomllib.loads(text).get("tokens", {})
    except tomllib.TOMLDecodeError:
        return None


def _others(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in table["tokens"].items() if key != name}
