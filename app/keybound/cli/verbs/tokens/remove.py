"""remove: delete a token, its secret and its definition."""

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import confirm, own_context
from keybound.cli.console.output import say
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.remove import remove as remove_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def remove_parser() -> "ArgumentParser":
    """What ``remove`` takes."""
    parse = parser("remove", "keybound remove staging/github", "keybound remove github --yes")
    add_token(parse)
    add_yes(parse)
    return parse


def remove(argv: list[str]) -> int:
    """Delete the secret and the definition."""
    options, context = remove_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    confirm(f"Permanently remove {token} and its secret?", yes=options.yes)
    say(remove_token(context, token))
    return 0
