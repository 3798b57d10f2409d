"""Which format a file has, by its name or else its content, and its values.

By name: ``.toml``; ``.json``, ``.jsonc``; ``.yaml``, ``.yml`` and ``config`` in a ``.kube`` folder; ``.ini``, ``.cfg``,
``.conf``, ``.pypirc``, ``.npmrc``, ``config`` and ``credentials`` in ``.aws``; ``.properties``; ``.env`` and ``.env.*``.
``.json`` is strict except where its owner is known to allow comments (tsconfig, devcontainer, ``.vscode``).
By content: JSON, kubeconfig, TOML. Anything else has no known format and can only be bound whole.
"""

import os
from collections.abc import Callable
from typing import NamedTuple

from keybound.domain.readings import Value
from keybound.sources.bounds import check_bounds
from keybound.sources.parse_fault import ParseFault

_BY_ENDING = {
    ".toml": "toml",
    ".json": "json",
    ".jsonc": "jsonc",
    ".code-workspace": "jsonc",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ini": "ini",
    ".cfg": "ini",
    ".conf": "ini",
    ".pypirc": "ini",
    ".npmrc": "npmrc",
    ".properties": "properties",
    ".env": "dotenv",
}
_BY_FOLDER = {
    (".kube", "config"): "yaml",
    (".aws", "config"): "aws",
    (".aws", "credentials"): "aws",
}


class Text(NamedTuple):
    """A file's text without its byte order mark, and its format ("" where none is known)."""

    format: str
    text: str


def parse(path: str, data: bytes) -> Value:
    """Return the values in ``data``; ``path`` helps to tell the format.

    Raises ParseFault: broken, not UTF-8, a key that stands twice, nested too deep, or of no known format.
    """
    text = identify(path, data)
    try:
        value = _parser(text.format)(text.text)
    except RecursionError:
        raise ParseFault("it is nested too deep") from None
    check_bounds(value)
    return value


def identify(path: str, data: bytes) -> Text:
    """Decode ``data`` and tell its format. Raises ParseFault where it is not UTF-8."""
    text = decode(data)
    return Text(_by_name(path) or _by_content(text), text)


def decode(data: bytes) -> str:
    """Return UTF-8 text without its byte order mark. Raises ParseFault."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ParseFault("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None


def _by_name(path: str) -> str:
    folder, name = os.path.split(path)
    folder = os.path.basename(folder)
    if known := _BY_FOLDER.get((folder, name)):
        return known
    if name.startswith(".env."):
        return "dotenv"
    ending = os.path.splitext(name)[1] or name
    if ending == ".json" and (folder == ".vscode" or name.startswith(("tsconfig", "jsconfig", "devcontainer"))):
        return "jsonc"
    return _BY_ENDING.get(ending, "")


def _by_content(text: str) -> str:
    if text.lstrip()[:1] in ("{", "[") and _parses("json", text):
        return "json"
    starts = text.splitlines() if "apiVersion:" in text and "kind:" in text else []
    if any(line.rstrip() == "kind: Config" for line in starts):
        return "yaml"
    return "toml" if _parses("toml", text) else ""


def _parses(format_name: str, text: str) -> bool:
    try:
        _parser(format_name)(text)
    except (ParseFault, RecursionError):
        return False
    return True


def _parser(format_name: str) -> Callable[[str], Value]:
    """Import only the parser that is needed: a release pays for its start."""
    if format_name == "toml":
        from keybound.sources.toml_format import parse_toml

        return parse_toml
    if format_name in ("json", "jsonc"):
        from keybound.sources.json_format import parse_json, parse_jsonc

        return parse_json if format_name == "json" else parse_jsonc
    if format_name == "yaml":
        from keybound.sources.yaml_format import parse_yaml

        return parse_yaml
    if format_name == "dotenv":
        from keybound.sources.dotenv_format import parse_dotenv

        return parse_dotenv
    if format_name == "properties":
        from keybound.sources.properties_format import parse_properties

        return parse_properties
    if format_name:
        from keybound.sources.ini_format import DIALECTS, parse_ini

        return lambda text: parse_ini(text, DIALECTS[format_name])
    raise ParseFault("no known format")
