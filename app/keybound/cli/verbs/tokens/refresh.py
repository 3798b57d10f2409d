"""refresh: replace a token's secret."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import own_context, read_secret
from keybound.cli.console.output import say
from keybound.custody.evaluation.evaluate import find
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.refresh import refresh as refresh_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def refresh_parser() -> "ArgumentParser":
    """What ``refresh`` takes."""
    parse = parser(
        "refresh",
        "keybound refresh staging/github",
        "./mint-token | keybound refresh github --by-hand",
        more="Runs its refresh command if it has one; otherwise asks for the secret, or reads standard input. A minted token "
        "gets a new signing key; with --by-hand it takes the key that a verifier of HS256 gave.",
        secret=True,
    )
    add_token(parse)
    parse.add_argument("--by-hand", action="store_true", help="Ask for the secret even if there is a refresh command.")
    return parse


def refresh(argv: list[str]) -> int:
    """Replace the secret."""
    options, context = refresh_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    judged = find(context, token)
    if judged.token is not None and judged.token.refresh is not None and not options.by_hand:
        from keybound.custody.tokens.refresh_command import refresh_by_command

        say(refresh_by_command(context, token))
        return 0
    if judged.token is not None and judged.token.mint is not None:
        from keybound.custody.rotation.signing_key import rotate_signing_key

        shared = read_secret(f"Key of {token} that its verifier gave") if options.by_hand else None
        say(rotate_signing_key(context, token, shared))
        return 0
    refresh_token(context, token, read_secret(f"New secret for {token}"))
    say(f"{token} has a new secret")
    return 0
