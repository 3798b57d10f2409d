"""The parser class: faults in one line, and nothing that may be a secret is printed back."""

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from keybound.domain.errors import BadInputError

_WIDTH = 88  # columns of a description, at most
_NEVER = (
    "never pass a secret as an argument: your shell's history and every process on this machine can read it. "
    "Keybound asks for it, or reads it from standard input"
)


class Parser(argparse.ArgumentParser):
    """A parser of a verb, or of a part of one.

    ``takes_command``: what follows ``--`` is a command of its own. ``reads_secret``: an argument too many may be one.
    """

    takes_command = False
    reads_secret = False

    def __init__(self, prog: str = "", description: str = "", examples: Sequence[str] = (), **more: Any) -> None:
        lines = "\n".join(f"  {one}" for one in examples)
        super().__init__(
            prog=prog,
            description=description or None,
            epilog=f"examples:\n{lines}" if examples else None,
            allow_abbrev=False,
            add_help=False,
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_WIDTH),  # else each argument measures
        )
        self.examples = tuple(examples)
        self.add_argument("-h", "--help", action="help", help="Show this help.")

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse; raise BadInputError for what is not known here, without its text: it may be a secret."""
        options, extra = self.parse_known_args(args, namespace)
        if extra and self.reads_secret and not extra[0].startswith("-"):
            raise BadInputError(_NEVER, hint="Revoke this one: it may have been seen.")
        if extra:
            self.error(_too_many(extra))
        return options

    def format_help(self) -> str:
        """The help, as wide as the terminal."""
        import shutil
        import textwrap

        width = shutil.get_terminal_size().columns - 2
        self.formatter_class = partial(argparse.RawDescriptionHelpFormatter, width=width)
        if self.takes_command:
            self.usage = self.format_usage().removeprefix("usage: ").rstrip() + " -- COMMAND [ARGUMENT…]"
        self.description = textwrap.fill(self.description or "", min(_WIDTH, width)) or None
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Raise BadInputError."""
        raise BadInputError(message, hint=f"See: {self.prog} --help")


def _too_many(extra: Sequence[str]) -> str:
    unknown = [one.partition("=")[0] for one in extra if one.startswith("-") and len(one) > 1]
    if unknown:
        return f"unknown option {', '.join(unknown)}"
    return "unexpected argument" if len(extra) == 1 else f"{len(extra)} unexpected arguments"
