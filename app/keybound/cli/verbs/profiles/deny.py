"""deny: undo ``allow``."""

from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.cli.verbs.profiles.allow import folder_of, folder_parser
from keybound.custody.profiles import allow as allowing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def deny_parser() -> "ArgumentParser":
    """What ``deny`` takes."""
    return folder_parser("deny", "")


def deny(argv: list[str]) -> int:
    """Take that back."""
    path = allowing.deny(own_context(), folder_of(deny_parser().parse_args(argv)))
    say(f"{path} is no longer allowed")
    return 0
