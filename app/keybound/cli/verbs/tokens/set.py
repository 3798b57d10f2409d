"""set: change a field of a token that exists."""

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say, warn
from keybound.cli.verbs.saving import save_planned, say_set
from keybound.custody.evaluation.evaluate import find
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.token_fields import FIELDS, set_field, unset_field
from keybound.domain.errors import BadInputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def set_parser() -> "ArgumentParser":
    """What ``set`` takes."""
    parse = parser(
        "set",
        "keybound set staging/github ttl 30d",
        "keybound set github scopes repo:read,packages:write",
        "keybound set github refresh '~/bin/mint-token staging'",
        "keybound set github callers --unset",
        more="The plan is shown first, as for every change to a profile.",
    )
    add_token(parse)
    parse.add_argument("field", choices=FIELDS, metavar="FIELD", help=f"One of {', '.join(FIELDS)}.")
    parse.add_argument("value", nargs="?", metavar="VALUE", help="The new value; separate several with commas.")
    parse.add_argument("--unset", action="store_true", help="Remove the field.")
    add_yes(parse)
    return parse


def set_(argv: list[str]) -> int:
    """Change one field, after its plan."""
    options, context = set_parser().parse_args(argv), own_context()
    if (options.value is None) is not options.unset:
        raise BadInputError("give a VALUE or --unset", hint="See: keybound set --help")
    token = token_named(context, options.token)
    field = options.field
    change = unset_field(context, token, field) if options.unset else set_field(context, token, field, options.value)
    save_planned(context, token.profile, change.text, change.before, yes=options.yes)
    if options.unset:
        say(f"{token}: {field} is no longer set")
    else:
        say_set(f"{token}: {field}", change.value)
    if change.dropped:
        say(f"{token}: {change.dropped} is no longer set: a token has ttl or expires, not both")
    judged = find(context, token)
    if not judged.verdict.state.usable:
        warn(f"{token} is {judged.verdict.state.word}: {judged.verdict.why}")
    return 0
