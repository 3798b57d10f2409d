"""bind: bind a token to a key, or change its boundary."""

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import confirm_harm, own_context
from keybound.cli.console.output import say, warn
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens import binding
from keybound.custody.tokens.binding_text import parse_bind, parse_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def bind_parser() -> "ArgumentParser":
    """What ``bind`` takes."""
    parse = parser(
        "bind",
        "keybound bind staging/github flags.beta_writes equals=false",
        'keybound bind github \'file:~/.kube/config#current-context one_of=["staging", "dev"]\'',
        "keybound bind github settings.region starts_with=eu- outside=suspend",
    )
    add_token(parse)
    parse.add_argument(
        "key",
        metavar="KEY",
        help="What it depends on: settings.region, file:NAME#path, kube:context … (all: keybound keys).",
    )
    parse.add_argument(
        "rules", nargs="*", metavar="RULE=VALUE", help="Which values are inside, and what to do outside."
    )
    add_yes(parse, "Do not ask for confirmation if the reading is outside now.")
    return parse


def bind(argv: list[str]) -> int:
    """Bind a token to a key."""
    options, context = bind_parser().parse_args(argv), own_context()
    token = token_named(context, options.token)
    key, rules = (options.key, parse_rules(" ".join(options.rules))) if options.rules else parse_bind(options.key)
    (bound,), harm = binding.propose(context, token, [(key, rules)])
    confirm_harm(harm, f"Bind {token} anyway?", yes=options.yes)
    warnings = binding.bind(context, token, [(key, rules)], outside=bool(harm))
    if bound.made:
        say(f"added to [files]: {bound.made}")
    say(f"{token} is bound to {bound.key}")
    for line in warnings:
        warn(line)
    return 0
