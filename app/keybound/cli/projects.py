"""allow and deny: project files."""

import os

from keybound.cli.io import keeper, parser
from keybound.cli.lines import say
from keybound.custody import allow as allowing


def allow(argv: list[str]) -> int:
    """Let the project file of a folder choose its profile."""
    folder = _folder(argv, "allow", "Let the .keybound.toml of a folder, as it is now, choose the profile there.")
    path, profile = allowing.allow(keeper(), folder)
    say(f"{path} is allowed: shells in that folder use {profile}")
    return 0


def deny(argv: list[str]) -> int:
    """Take that back."""
    path = allowing.deny(keeper(), _folder(argv, "deny", "Take back what `allow` allowed."))
    say(f"{path} is not allowed any more")
    return 0


def _folder(argv: list[str], verb: str, words: str) -> str:
    parse = parser(verb, words)
    parse.add_argument("folder", nargs="?", default=".", metavar="DIR")
    return os.path.abspath(str(parse.parse_args(argv).folder))
