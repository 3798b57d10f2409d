"""expire: expire a token now."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import confirm, own_context
from keybound.cli.console.output import complain, say
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.expire import expire as expire_token
from keybound.custody.tokens.expire import expire_each, tokens_to_expire
from keybound.domain.errors import BadInputError
from keybound.domain.text.counts import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def expire_parser() -> "ArgumentParser":
    """What ``expire`` takes."""
    more = "Approving or refreshing a token brings it back."
    parse = parser("expire", "keybound expire staging/github", "keybound expire --all --yes", more=more)
    parse.add_argument("token", nargs="?", metavar="TOKEN", help="PROFILE/NAME, or NAME in the profile in use.")
    parse.add_argument("--all", action="store_true", help="Every token of every profile.")
    add_yes(parse)
    return parse


def expire(argv: list[str]) -> int:
    """Expire now."""
    options, context = expire_parser().parse_args(argv), own_context()
    if bool(options.token) == options.all:
        raise BadInputError("say what to expire", hint="Run: keybound expire TOKEN, or keybound expire --all")
    if options.all:
        return _all(context, yes=options.yes)
    token = token_named(context, options.token)
    confirm(f"Expire {token} now? Every shell that holds it will drop it.", yes=options.yes)
    expire_token(context, token)
    say(f"{token} is expired")
    return 0


def _all(context: Context, *, yes: bool) -> int:
    tokens = tokens_to_expire(context)
    if not tokens:
        say("there is no token to expire")
        return 0
    confirm(f"Expire {plural(len(tokens), 'token')} now? Every shell that holds one will drop it.", yes=yes)
    expired, faults = expire_each(context, tokens)
    for token in expired:
        say(f"{token} is expired")
    for token, why in faults:
        complain(f"{token} is not expired: {why}")
    return 1 if faults else 0
