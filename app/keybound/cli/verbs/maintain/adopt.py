"""adopt: define a secret again whose definition is gone; take over the items of a home that was moved."""

from keybound.cli.console.arguments import add_yes, parser
from keybound.cli.console.io import confirm, own_context, passphrase_prompt
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.adopt import adopt as define_again
from keybound.custody.tokens.adopt import propose_adoption
from keybound.custody.tokens.move_home import FormerHome
from keybound.domain.errors import BadInputError
from keybound.domain.text.counts import plural
from keybound.domain.verdict.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def adopt_parser() -> "ArgumentParser":
    """What ``adopt`` takes."""
    parse = parser(
        "adopt",
        "keybound adopt staging/github",
        "keybound adopt --from /old/home/.config/keybound",
        more="Everything is shown first; what has expired stays expired.",
    )
    parse.add_argument(
        "token", nargs="?", metavar="TOKEN", help="A token that has a secret but no definition: PROFILE/NAME."
    )
    parse.add_argument("--from", dest="former", metavar="DIR", help="The configuration folder of the former home.")
    add_yes(parse)
    return parse


def adopt(argv: list[str]) -> int:
    """Show, ask, adopt."""
    options, context = adopt_parser().parse_args(argv), own_context()
    if bool(options.token) == bool(options.former):
        raise BadInputError("say what to adopt", hint="Run: keybound adopt PROFILE/NAME, or keybound adopt --from DIR")
    if options.former:
        return _home(context, options.former, yes=options.yes)
    return _token(context, options.token, yes=options.yes)


def _token(context: Context, text: str, *, yes: bool) -> int:
    token = token_named(context, text)
    seen = propose_adoption(context, token)
    say(f"{token} was approved with this definition:")
    for line in seen.lines:
        say(f"  {line.removeprefix('+ ')}")
    confirm(f"Write it back to the profile {token.profile}?", yes=yes)
    judged = define_again(context, token, seen)
    state = judged.verdict.state
    say(f"{state.glyph} {token} is restored and {state.word}")
    if judged.verdict.why:
        warn(judged.verdict.why)
    return 0


def _home(context: Context, former: str, *, yes: bool) -> int:
    home = FormerHome(context, former)
    home.open(passphrase_prompt())
    found = home.items()
    say(f"The store holds these items of {home.config}:")
    for one in found:
        say(f"  {one.line}")
    confirm(f"Move them to {context.home.config}? The former home loses them.", yes=yes)
    left = home.take_over(found)
    context = own_context()  # the home has its own name now
    say(f"{plural(len(found) - len(left), 'item')} taken over")
    for id_ in left:
        warn(f"{id_} was left behind: this home has its own")
    waiting = [
        one for one in evaluate(context, Library(context.home).names()).judged if one.verdict.state is State.UNAPPROVED
    ]
    if waiting:
        profiles = sorted({one.id.profile for one in waiting})
        warn(f"{plural(len(waiting), 'token')} to approve, because paths have changed: keybound approve {profiles[0]}")
    return 0
