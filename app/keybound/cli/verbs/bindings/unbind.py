"""unbind: remove a binding."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens import binding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def unbind_parser() -> "ArgumentParser":
    """What ``unbind`` takes."""
    parse = parser(
        "unbind", "keybound unbind staging/github flags.beta_writes", "keybound unbind github file:kube#current-context"
    )
    add_token(parse)
    parse.add_argument("key", metavar="KEY", help="The key it is bound to, as `keybound show` prints it.")
    return parse


def unbind(argv: list[str]) -> int:
    """Take a binding away."""
    options, context = unbind_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    key = binding.unbind(context, token, options.key)
    say(f"{token} is no longer bound to {key}")
    return 0
