"""Which format a text has whose file's name does not tell it. What is told cheaply is asked before a parser is loaded."""

import re

from keybound.sources.formats.registry import parses

_SECTION = re.compile(r"\[[^\[\]]+\]")
_AWS_SECTION = re.compile(r"\[\s*(?:default|(?:profile|sso-session|services)\s+[^\[\]]+)\s*\]")


def is_json(text: str) -> bool:
    """JSON, with comments too."""
    return text.lstrip()[:1] in ("{", "[", "/") and parses("json", text)


def is_kubeconfig(text: str) -> bool:
    """Of YAML only a kubeconfig is told: too much else can be read as YAML."""
    lines = text.splitlines() if "apiVersion:" in text and "kind:" in text else []
    return any(line.rstrip() == "kind: Config" for line in lines)


def is_toml(text: str) -> bool:
    """All that can be read as TOML."""
    return parses("toml", text)


def is_ini(text: str) -> bool:
    """A text that begins with a section, and has none of AWS."""
    lines = _sectioned(text)
    return bool(lines) and not _has_aws(lines) and parses("ini", text)


def is_aws(text: str) -> bool:
    """A text that begins with a section, and has one that only the AWS tools write."""
    lines = _sectioned(text)
    return _has_aws(lines) and parses("aws", text)


def _has_aws(lines: list[str]) -> bool:
    return any(_AWS_SECTION.fullmatch(line) for line in lines)


def _sectioned(text: str) -> list[str]:
    """The lines that are no comments of a text that begins with a section; none of any other."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "#;"]
    return lines if lines and _SECTION.fullmatch(lines[0]) else []
