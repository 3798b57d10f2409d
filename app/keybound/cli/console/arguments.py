"""What verbs take: each parser is made here, so that help, completion and the reference tell the same.

A metavar says what an argument is (``PROFILE``, ``TOKEN``, ``KEY`` …); completion finds its candidates by it.
"""

from keybound.cli.registry import PACKAGE, VERBS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from keybound.cli.console.parsing import Parser


def parser(verb: str, *examples: str, more: str = "", command: bool = False, secret: bool = False) -> "Parser":
    """A parser for one verb; its first sentence is the one of ``keybound --help``.

    ``examples``: whole command lines. ``more``: what else there is to know. ``command``: a command follows after ``--``.
    ``secret``: the verb reads one.
    """
    from keybound.cli.console.parsing import Parser

    words = VERBS[verb].says
    description = f"{words[0].upper()}{words[1:]}." + (f" {more}" if more else "")
    parse = Parser(f"keybound {verb}", description, examples)
    parse.takes_command, parse.reads_secret = command, secret
    return parse


def parser_of(verb: str) -> "Parser":
    """The parser of a verb: the function ``<verb's function>_parser`` beside it."""
    from keybound.domain.registry import load

    make: Callable[[], Parser] = load(f"{VERBS[verb].place.rstrip('_')}_parser", PACKAGE)
    return make()


def add_token(parse: "ArgumentParser") -> None:
    """A token that there is."""
    parse.add_argument("token", metavar="TOKEN", help="The token: PROFILE/NAME, or NAME in the profile in use.")


def add_profile(parse: "ArgumentParser", words: str = "The profile (default: the one in use).") -> None:
    """A profile that need not be named."""
    parse.add_argument("profile", nargs="?", metavar="PROFILE", help=words)


def add_yes(parse: "ArgumentParser", words: str = "Do not ask for confirmation.") -> None:
    """--yes."""
    parse.add_argument("--yes", action="store_true", help=words)


def add_json(parse: "ArgumentParser") -> None:
    """--json."""
    parse.add_argument("--json", action="store_true", help="Print JSON.")


def add_dir(parse: "ArgumentParser") -> None:
    """--dir."""
    parse.add_argument(
        "--dir", metavar="DIR", help="Read profiles/ and policy.toml from this folder instead of your own."
    )


def add_verbose(parse: "ArgumentParser") -> None:
    """--verbose."""
    parse.add_argument("--verbose", action="store_true", help="Also list the tokens that are never released this way.")


def add_only(parse: "ArgumentParser") -> None:
    """--only."""
    parse.add_argument("--only", action="append", metavar="NAME", help="Release only this token (repeatable).")
