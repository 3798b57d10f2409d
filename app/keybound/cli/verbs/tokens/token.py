"""token: rename, move or copy a token."""

from keybound.cli.console.arguments import add_token, add_yes, parser
from keybound.cli.console.io import confirm_harm, own_context
from keybound.cli.console.output import say, warn
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.transfer import propose_transfer, transfer
from keybound.domain.values.names import TokenId, check_name, parse_token_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def token_parser() -> "ArgumentParser":
    """What ``token`` takes."""
    parse = parser(
        "token",
        "keybound token rename staging/github gh",
        "keybound token move github prod",
        "keybound token copy staging/github prod/github",
        more="Its secret, its approval and any expiry go with it.",
    )
    acts = parse.add_subparsers(dest="act", required=True, metavar="ACT")
    rename = acts.add_parser("rename", help="Rename a token within its profile.")
    add_token(rename)
    rename.add_argument("to", metavar="NEW", help="The new name.")
    move = acts.add_parser("move", help="Move a token to another profile.")
    add_token(move)
    move.add_argument("to", metavar="PROFILE", help="The profile, or PROFILE/NAME to rename it too.")
    copy = acts.add_parser("copy", help="Copy a token, including its secret.")
    add_token(copy)
    copy.add_argument("to", metavar="PROFILE/NAME", help="The copy, or PROFILE to keep the name.")
    for one in (rename, move, copy):
        add_yes(one, "Do not ask for confirmation if it would be withheld there.")
    return parse


def token(argv: list[str]) -> int:
    """Rename, move or copy a token."""
    options, context = token_parser().parse_args(argv), own_context()
    old = token_named(context, options.token)
    new = TokenId(old.profile, check_name(options.to, "token")) if options.act == "rename" else _place(options.to, old)
    copy = options.act == "copy"
    proposed = propose_transfer(context, old, new, copy=copy)
    confirm_harm(proposed.harm, f"{options.act.capitalize()} {old} anyway?", yes=options.yes)
    judged = transfer(context, old, new, copy=copy)
    say(f"{old} is copied to {new}" if copy else f"{old} is now {new}")
    if not judged.verdict.state.usable:
        warn(f"{new} is {judged.verdict.state.word}: {judged.verdict.why}")
    return 0


def _place(text: str, old: TokenId) -> TokenId:
    return parse_token_id(text) if "/" in text else TokenId(check_name(text, "profile"), old.name)
