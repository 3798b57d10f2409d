"""Change one value in a TOML text: comments, order and spacing of everything else stay."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keybound.domain.errors import BadInputError
from keybound.domain.values.readings import Value

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import Table


_LONE = re.compile(r"(?<!\r)\n")


def parse_toml_value(text: str) -> Value:
    """The TOML value that ``text`` is, else ``text`` as a bare word."""
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    value: Value = table["value"]
    return value if len(table) == 1 else text


def as_toml(value: str) -> str:
    """A text as TOML writes it."""
    import tomlkit

    return tomlkit.item(value).as_string()


def set_value(text: str, keypath: Sequence[str], value: object) -> str:
    """Set the value at ``keypath``, making tables on the way. Raises BadInputError where a value stands in the way."""
    return set_values(text, {tuple(keypath): value})


def set_values(text: str, values: Mapping[tuple[str, ...], object]) -> str:
    """Set each value at its keypath, as :func:`set_value` does, reading the text once."""
    import tomlkit

    document = tomlkit.parse(text)
    for keypath, value in values.items():
        _set(document, keypath, value)
    changed = with_line_ends_of(text, tomlkit.dumps(document))
    _check(changed, values)
    return changed


def _set(document: Any, keypath: Sequence[str], value: object) -> None:
    here = document
    for depth, name in enumerate(keypath[:-1]):
        if name not in here:
            _add_table(here, name, super_=depth == 0 and len(keypath) > 2)
        here = here[name]
        if not isinstance(here, Mapping):
            raise BadInputError(f"{'.'.join(keypath[: depth + 1])} is a single value, so nothing can be set inside it")
    here[keypath[-1]] = _inline(value) if isinstance(value, Mapping) else value


def with_line_ends_of(text: str, changed: str) -> str:
    """``changed`` with CRLF at every line's end, where ``text`` has it at every one."""
    if "\r\n" not in text or _LONE.search(text):
        return changed
    return _LONE.sub("\r\n", changed)


def _add_table(parent: "Container | Table", name: str, *, super_: bool) -> None:
    import tomlkit

    table = tomlkit.table(is_super_table=super_)
    if not super_ and parent:
        last = tomlkit.dumps(parent) if isinstance(parent, tomlkit.TOMLDocument) else ""
        if last and not last.endswith("\n\n"):
            parent.add(tomlkit.nl())
    parent[name] = table


def _inline(value: Mapping[str, object]) -> object:
    import tomlkit

    return tomlkit.value(_inline_text(value))


def _inline_text(value: object) -> str:
    import tomlkit

    if not isinstance(value, Mapping):
        return tomlkit.item(value).as_string()
    return (
        "{ "
        + ", ".join(f"{tomlkit.key(name).as_string()} = {_inline_text(item)}" for name, item in value.items())
        + " }"
    )


def _check(text: str, values: Mapping[tuple[str, ...], object]) -> None:
    """The text must read back as it was meant: an editor that writes something else writes nothing."""
    whole = tomllib.loads(text)
    for keypath, value in values.items():
        here: Any = whole
        for name in keypath:
            here = here[name]
        if here != value:
            raise BadInputError(f"{'.'.join(keypath)} cannot be set automatically; edit the file by hand")


def unset(text: str, keypath: Sequence[str]) -> str:
    """Take the key away. Raises KeyError where it is not there."""
    import tomlkit

    document = tomlkit.parse(text)
    here: Any = document
    for name in keypath[:-1]:
        here = here[name]
    del here[keypath[-1]]
    return with_line_ends_of(text, tomlkit.dumps(document))
