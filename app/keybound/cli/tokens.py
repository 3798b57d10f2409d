"""refresh, expire, remove."""

from keybound.cli.arguments import add_token, add_yes, parser
from keybound.cli.io import confirm, keeper, read_secret
from keybound.cli.lines import say
from keybound.custody.evaluation.evaluate import find
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens import upkeep
from keybound.custody.tokens.expire import expire as expire_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def refresh_parser() -> "ArgumentParser":
    """What ``refresh`` takes."""
    parse = parser(
        "refresh",
        "keybound refresh staging/github",
        "./mint-token | keybound refresh github --by-hand",
        more="Runs its refresh command if it has one; otherwise asks for the secret, or reads standard input.",
        secret=True,
    )
    add_token(parse)
    parse.add_argument("--by-hand", action="store_true", help="Ask for the secret even if there is a refresh command.")
    return parse


def refresh(argv: list[str]) -> int:
    """Replace the secret."""
    options, keep = refresh_parser().parse_args(argv), keeper()
    token = token_named(keep, options.token)
    judged = find(keep, token)
    if judged.token is not None and judged.token.refresh is not None and not options.by_hand:
        from keybound.custody.tokens.refreshing import refresh_by_command

        say(refresh_by_command(keep, token))
        return 0
    upkeep.refresh(keep, token, read_secret(f"New secret for {token}"))
    say(f"{token} has a new secret")
    return 0


def expire_parser() -> "ArgumentParser":
    """What ``expire`` takes."""
    more = "Approving or refreshing it brings it back."
    return _one("expire", "keybound expire staging/github", "keybound expire github --yes", more=more)


def expire(argv: list[str]) -> int:
    """Expire now."""
    options, keep = expire_parser().parse_args(argv), keeper()
    token = token_named(keep, options.token)
    confirm(f"Expire {token} now? Every shell that holds it will drop it.", yes=options.yes)
    expire_token(keep, token)
    say(f"{token} is expired")
    return 0


def remove_parser() -> "ArgumentParser":
    """What ``remove`` takes."""
    return _one("remove", "keybound remove staging/github", "keybound remove github --yes")


def remove(argv: list[str]) -> int:
    """Delete the secret and the definition."""
    options, keep = remove_parser().parse_args(argv), keeper()
    token = token_named(keep, options.token)
    confirm(f"Permanently remove {token} and its secret?", yes=options.yes)
    say(upkeep.remove(keep, token))
    return 0


def _one(verb: str, *examples: str, more: str = "") -> "ArgumentParser":
    parse = parser(verb, *examples, more=more)
    add_token(parse)
    add_yes(parse)
    return parse
