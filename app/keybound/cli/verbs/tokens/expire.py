"""expire: expire a token now."""

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import confirm, own_context
from keybound.cli.console.output import say
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.expire import expire as expire_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def expire_parser() -> "ArgumentParser":
    """What ``expire`` takes."""
    more = "Approving or refreshing it brings it back."
    parse = parser("expire", "keybound expire staging/github", "keybound expire github --yes", more=more)
    add_token(parse)
    add_yes(parse)
    return parse


def expire(argv: list[str]) -> int:
    """Expire now."""
    options, context = expire_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    confirm(f"Expire {token} now? Every shell that holds it will drop it.", yes=options.yes)
    expire_token(context, token)
    say(f"{token} is expired")
    return 0
