"""approve: show what has changed since the last approval, and approve it."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import confirm, own_context
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import chosen_name, token_named
from keybound.custody.profiles.library import Library
from keybound.custody.tokens import approve as approving
from keybound.custody.tokens.approve import Proposal
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.values.names import TokenId, check_name, parse_token_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def approve_parser() -> "ArgumentParser":
    """What ``approve`` takes."""
    parse = parser(
        "approve",
        "keybound approve staging/github",
        "keybound approve staging --yes",
        "keybound approve --accept-clock",
        more="Approving a profile approves its [env], its [roles.grants] and each of its tokens.",
    )
    parse.add_argument("what", nargs="?", metavar="WHAT", help="A token (PROFILE/NAME) or a whole profile (PROFILE).")
    parse.add_argument("--all", action="store_true", help="Approve every profile.")
    parse.add_argument(
        "--accept-clock", action="store_true", help="Accept the clock as it is now, and approve nothing else."
    )
    parse.add_argument(
        "--expect", default="", metavar="DIGEST", help="Approve only if the digest is this one, from `show --json`."
    )
    add_yes(parse)
    return parse


def approve(argv: list[str]) -> int:
    """Show what differs and seal it."""
    options = approve_parser().parse_args(argv)
    context = own_context()
    if options.accept_clock:
        if options.what or options.all:
            raise BadInputError("--accept-clock cannot be combined with WHAT or --all")
        confirm("Accept the clock as it is now?", yes=options.yes)
        approving.accept_clock(context)
        say("the clock is accepted")
        return 0
    if options.what and ("/" in options.what or not _is_profile(context, options.what)):
        return _token(context, token_named(context, options.what), options.expect, yes=options.yes)
    if not options.what and not options.all:
        raise BadInputError(
            "say what to approve",
            hint="Run: keybound approve PROFILE/NAME, keybound approve PROFILE, or keybound approve --all",
        )
    names = Library(context.home).names() if options.all else [check_name(options.what, "profile")]
    return max([_profile(context, name, yes=options.yes) for name in names], default=0)


def _is_profile(context: Context, name: str) -> bool:
    """Whether a bare name is a profile; else it is a token of the profile in use."""
    library, used = Library(context.home), chosen_name(context)
    return name in library.names() or not used or name not in library.load(used).profile.tokens


def _token(context: Context, token: TokenId, expected: str, *, yes: bool) -> int:
    proposal = approving.propose(context, token)
    if proposal.obstacle:
        approving.approve(context, token)  # raises, with the ways out
    _show(proposal)
    confirm(f"Approve {token}?", yes=yes or (bool(expected) and expected == proposal.digest))
    return _said(str(token), approving.approve(context, token, expected or proposal.digest))


def _said(name: str, left: str) -> int:
    """``left``: what still withholds it."""
    say(f"{name} is approved")
    if left:
        warn(f"{name} stays expired: {left}")
    return 1 if left else 0


def _profile(context: Context, name: str, *, yes: bool) -> int:
    proposals = approving.propose_profile(context, name)
    if not proposals:
        say(f"{name}: nothing to approve")
        return 0
    for proposal in proposals:
        _show(proposal)
    confirm(f"Approve all of this in {name}?", yes=yes)
    status = 0
    for proposal in proposals:
        try:
            left = ""
            if "/" in proposal.id:
                left = approving.approve(context, parse_token_id(proposal.id), proposal.digest)
            else:
                approving.approve_part(context, name, proposal.digest)
            status = max(status, _said(proposal.id, left))
        except RefusedError as refusal:
            warn(refusal.hint if refusal.what == proposal.obstacle else f"{proposal.id}: {refusal}")  # said above
            status = 1
    return status


def _show(proposal: Proposal) -> None:
    say(f"{proposal.id}")
    if not proposal.former:
        say("  what was approved before is not known here; the whole definition is:")
    for line in proposal.lines or ("its definition is unchanged; its current values will be approved",):
        say(f"  {line if proposal.former else line.removeprefix('+ ')}")
    for words in (*proposal.notes, *filter(None, [proposal.obstacle])):
        warn(words)
