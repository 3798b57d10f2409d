"""allow: let a folder's .keybound.toml choose the profile there."""

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.custody.context.paths import from_here
from keybound.custody.profiles import allow as allowing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def allow_parser() -> "ArgumentParser":
    """What ``allow`` takes."""
    return folder_parser("allow", "The file is allowed as it is now; after a change, allow it again.")


def allow(argv: list[str]) -> int:
    """Let the project file of a folder choose its profile."""
    folder = folder_of(allow_parser().parse_args(argv))
    path, profile = allowing.allow(own_context(), folder)
    say(f"{path} is allowed: shells in that folder use {profile}")
    return 0


def folder_parser(verb: str, more: str) -> "ArgumentParser":
    """What a verb takes that is about a folder's project file."""
    parse = parser(verb, f"keybound {verb}", f"keybound {verb} ~/work/api", more=more)
    parse.add_argument("folder", nargs="?", default=".", metavar="DIR", help="The folder (default: the current one).")
    return parse


def folder_of(options: "Namespace") -> str:
    """The folder that was named. Raises BadInputError where it leads nowhere."""
    return from_here(str(options.folder))
