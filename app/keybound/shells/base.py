"""What every shell can do: quote, set, unset."""

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from keybound.domain.errors import BadInput
from keybound.shells.step import Answer

NAMES = ("bash", "zsh", "fish", "nu", "pwsh", "elvish", "xonsh", "json", "dotenv")
HOOKED = ("bash", "zsh", "fish", "nu", "pwsh", "elvish", "xonsh")


class Shell(Protocol):
    """One form of export. Values are bytes without NUL and come out byte for byte."""

    def assign(self, name: str, value: bytes) -> bytes:
        """A line that sets and exports ``name``."""

    def unset(self, name: str) -> bytes:
        """A line that unsets ``name``."""

    def export(self, values: Mapping[str, bytes]) -> bytes:
        """Everything that ``env`` prints."""


def get_shell(name: str) -> Shell:
    """The form of this name. Raises BadInput for one that is not known."""
    if name not in NAMES:
        raise BadInput(f"{name!r} is not a shell that is known here", hint=f"Known: {', '.join(NAMES)}.")
    module = {"bash": "posix", "zsh": "posix", "json": "json", "dotenv": "dotenv"}.get(name, f"{name}_form")
    shell: Shell = import_module(f"keybound.shells.{module}").SHELL
    return shell


class Hook(Protocol):
    """One shell's prompt hook."""

    def hook(self, python: str, home: Mapping[str, str], state: str) -> str:
        """The script that the shell evaluates once. ``home``: variables that name the home."""

    def render(self, answer: Answer) -> bytes:
        """What it evaluates, or reads, after a step."""


def get_hook(name: str) -> Hook:
    """The hook of this shell. Raises BadInput for one that has none."""
    if name not in HOOKED:
        raise BadInput(f"{name!r} has no hook", hint=f"Known: {', '.join(HOOKED)}.")
    hook: Hook = import_module(f"keybound.shells.{name}")
    return hook
