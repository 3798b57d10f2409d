"""why: explain why a token is in its state."""

from collections.abc import Callable

from keybound.cli.console.arguments import add_json, add_token, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say
from keybound.cli.console.rows import show_json
from keybound.custody.evaluation.describe import place
from keybound.custody.evaluation.evaluate import Judged, find
from keybound.custody.evaluation.next_step import next_step
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.custody.tokens.unapproved_parts import unapproved_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def why_parser() -> "ArgumentParser":
    """What ``why`` takes."""
    return one_parser("why", "Names the key, its approved and current values, and where it is set.")


def why(argv: list[str]) -> int:
    """Why a token is in its state."""
    return tell_one(why_parser().parse_args(argv), say_why)


def one_parser(verb: str, more: str) -> "ArgumentParser":
    """What a verb takes that tells of one token."""
    parse = parser(verb, f"keybound {verb} staging/github", f"keybound {verb} github --json", more=more)
    add_token(parse)
    add_json(parse)
    return parse


def tell_one(options: "Namespace", tell: Callable[[Judged], None]) -> int:
    """Tell of one token, or print it as JSON; and what waits in its profile."""
    context = own_context()
    token = token_named(context, options.token)
    evaluation = evaluate_and_record(context, [token.profile])
    judged = find(context, token)
    if options.json:
        put_json(show_json(judged, context))
        return 0
    tell(judged)
    for name, sentence in unapproved_parts(evaluation):
        say(f"  The profile {name}: {sentence}")
    return 0


def say_why(judged: Judged) -> None:
    """Say why a token is in its state, and what its owner can do."""
    if not judged.verdict.findings:
        say(f"{judged.id} is active: every binding is inside its boundary")
    said: set[str] = set()
    for finding in sorted(judged.verdict.findings, key=lambda one: not one.key):
        if finding.message in said:
            continue
        said.add(finding.message)
        say(f"{finding.state.glyph} {finding.state.word}: {finding.message}")
        if finding.approved and finding.now:
            then = f"   then {finding.then.text}" if finding.then else ""
            say(
                f"    approved {finding.approved.text}{then}   now {finding.now.text}   {place(judged, finding)}".rstrip()
            )
    if step := next_step(judged):
        say(f"  Next: {step}")
