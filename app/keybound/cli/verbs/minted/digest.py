"""digest: what minted tokens carry of their bound configuration."""

from keybound.cli.console.arguments import add_dir, add_json, add_token, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say
from keybound.custody.context.paths import from_here
from keybound.custody.evaluation.configuration import configuration
from keybound.custody.profiles.choose_profile import token_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def digest_parser() -> "ArgumentParser":
    """What ``digest`` takes."""
    parse = parser(
        "digest",
        "keybound digest staging/deploy",
        "keybound digest staging/deploy --dir ./keybound --json",
        more="It is of every bound key with its value now, and needs no store. Two digests are equal exactly where the "
        "configurations are.",
    )
    add_token(parse)
    add_dir(parse)
    add_json(parse)
    return parse


def digest(argv: list[str]) -> int:
    """Print the digest."""
    options, context = digest_parser().parse_args(argv), own_context()
    if options.dir:
        context.home = context.home._replace(config=from_here(options.dir))
    token = token_named(context, options.token)
    found = configuration(context, token)
    if options.json:
        put_json({"id": str(token), "config": found.digest, "keys": found.keys})
    else:
        say(found.digest)
    return 0
