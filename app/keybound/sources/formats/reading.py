"""Which format a file has, by its name or else its content, and its values.

By name: ``.toml``; ``.json``, ``.jsonc``; ``.yaml``, ``.yml`` and ``config`` in a ``.kube`` folder; ``.ini``, ``.cfg``,
``.conf``, ``.pypirc``, ``.npmrc``, ``config`` and ``credentials`` in ``.aws``; ``.properties``; ``.env`` and ``.env.*``;
``.gitconfig``, ``.gitmodules``, ``config`` in ``.git`` or ``git``; ``.netrc``, ``_netrc``.
``.json`` is strict except where its owner is known to allow comments (tsconfig, devcontainer, ``.vscode``).
By content: JSON, kubeconfig, TOML. Anything else has no known format and can only be bound whole.
"""

import os
import re
from collections.abc import Callable
from importlib import import_module

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
    ".gitconfig": "git",
    ".gitmodules": "git",
    ".netrc": "netrc",
    "_netrc": "netrc",
}
_BY_FOLDER = {
    (".kube", "config"): "yaml",
    (".aws", "config"): "aws",
    (".aws", "credentials"): "aws",
    (".git", "config"): "git",
    ("git", "config"): "git",
}


_PARSERS = {
    "toml": ("toml", "parse_toml"),
    "json": ("json", "parse_json"),
    "jsonc": ("json", "parse_jsonc"),
    "yaml": ("yaml", "parse_yaml"),
    "dotenv": ("dotenv", "parse_dotenv"),
    "properties": ("properties", "parse_properties"),
    "git": ("git", "parse_git"),
    "netrc": ("netrc", "parse_netrc"),
    "ini": ("ini", "parse_ini"),
    "aws": ("ini", "parse_aws"),
    "npmrc": ("ini", "parse_npmrc"),
}


_SECTION = re.compile(r"\[[^\[\]]+\]")
_AWS_SECTION = re.compile(r"\[\s*(?:default|(?:profile|sso-session|services)\s+[^\[\]]+)\s*\]")


def parse(path: str, data: bytes, format_name: str = "") -> Value:
    """Return the values in ``data``, by the format that is given, else that its ``path`` or its content tells.

    Raises ParseFault: broken, not UTF-8, a key that stands twice, nested too deep, too much, or of no known format.
    """
    text = decode(data)
    try:
        value = _parsed(format_name or identify(path, text), text)
    except RecursionError:
        raise ParseFault("it is nested too deep") from None
    check_bounds(value)
    return value


def identify(path: str, text: str) -> str:
    """The format of a file: by its name, else by its content; "" where none is known."""
    return _by_name(path) or _by_content(text)


def decode(data: bytes) -> str:
    """Return UTF-8 text without its byte order mark. Raises ParseFault."""
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ParseFault("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None


def _parsed(format_name: str, text: str) -> Value:
    """JSON that has comments or trailing commas is read as JSONC; what is neither has the fault of JSON."""
    try:
        return _parser(format_name)(text)
    except ParseFault:
        if format_name != "json" or not _parses("jsonc", text):
            raise
        return _parser("jsonc")(text)


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
    if text.lstrip()[:1] in ("{", "[", "/") and (_parses("json", text) or _parses("jsonc", text)):
        return "json"
    starts = text.splitlines() if "apiVersion:" in text and "kind:" in text else []
    if any(line.rstrip() == "kind: Config" for line in starts):
        return "yaml"
    if _parses("toml", text):
        return "toml"
    return _sectioned(text)


def _sectioned(text: str) -> str:
    """``aws`` or ``ini`` for a text that begins with a section and holds keys; "" for any other."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "#;"]
    if not lines or not _SECTION.fullmatch(lines[0]):
        return ""
    kind = "aws" if any(_AWS_SECTION.fullmatch(line) for line in lines) else "ini"
    return kind if _parses(kind, text) else ""


def _parses(format_name: str, text: str) -> bool:
    try:
        _parser(format_name)(text)
    except (ParseFault, RecursionError):
        return False
    return True


def _parser(format_name: str) -> Callable[[str], Value]:
    """Import only the parser that is needed: a release pays for its start."""
    if not format_name:
        raise ParseFault("no known format")
    module, name = _PARSERS[format_name]
    parser: Callable[[str], Value] = getattr(import_module(f"keybound.sources.formats.{module}"), name)
    return parser
