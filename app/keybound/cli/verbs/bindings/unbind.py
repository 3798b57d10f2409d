"""unbind: remove a binding."""

from keybound.cli.console.arguments import add_token, parser
from keybound.cli.console.io import keeper
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
    options, keep = unbind_parser().parse_args(argv), keeper()
    token = token_named(keep, options.token)
    key = binding.unbind(keep, token, options.key)
    say(f"{token} is no longer bound to {key}")
    return 0
