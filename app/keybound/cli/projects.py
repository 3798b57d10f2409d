"""allow and deny: project files."""

from keybound.cli.arguments import parser
from keybound.cli.io import keeper
from keybound.cli.lines import say
from keybound.custody.context.paths import from_here
from keybound.custody.profiles import allow as allowing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def allow_parser() -> "ArgumentParser":
    """What ``allow`` takes."""
    return _parser("allow", "The file is allowed as it is now; after a change, allow it again.")


def allow(argv: list[str]) -> int:
    """Let the project file of a folder choose its profile."""
    folder = _folder(allow_parser().parse_args(argv))
    path, profile = allowing.allow(keeper(), folder)
    say(f"{path} is allowed: shells in that folder use {profile}")
    return 0


def deny_parser() -> "ArgumentParser":
    """What ``deny`` takes."""
    return _parser("deny", "")


def deny(argv: list[str]) -> int:
    """Take that back."""
    path = allowing.deny(keeper(), _folder(deny_parser().parse_args(argv)))
    say(f"{path} is no longer allowed")
    return 0


def _parser(verb: str, more: str) -> "ArgumentParser":
    parse = parser(verb, f"keybound {verb}", f"keybound {verb} ~/work/api", more=more)
    parse.add_argument("folder", nargs="?", default=".", metavar="DIR", help="The folder (default: the current one).")
    return parse


def _folder(options: "Namespace") -> str:
    return from_here(str(options.folder))
