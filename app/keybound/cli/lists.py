"""list, show and why."""

from collections.abc import Callable, Mapping

from keybound.cli.arguments import add_json, add_token, parser
from keybound.cli.io import keeper, put_json
from keybound.cli.lines import say, warn
from keybound.cli.rows import known_row, row, show_json
from keybound.cli.table import known_state, last_known, lines, never_added, rows_of, stale_rows
from keybound.custody.context.keeper import Keeper
from keybound.custody.evaluation.describe import bound_rows, place
from keybound.custody.evaluation.evaluate import Judged, find
from keybound.custody.evaluation.last_released import last_released
from keybound.custody.evaluation.next_step import next_step
from keybound.custody.evaluation.orphans import orphans
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.expire import look
from keybound.custody.tokens.unapproved_parts import unapproved_parts
from keybound.domain.errors import Unavailable
from keybound.domain.profile.definition import Token, unbuilt
from keybound.domain.values.names import check_name
from keybound.domain.verdict.states import STATES, WAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def list_tokens_parser() -> "ArgumentParser":
    """What ``list`` takes."""
    parse = parser("list", "keybound list", "keybound list --profile staging --state expired --json")
    parse.add_argument("--profile", metavar="PROFILE", help="List only this profile's tokens.")
    parse.add_argument("--state", choices=list(STATES), help="List only tokens in this state.")
    add_json(parse)
    return parse


def list_tokens(argv: list[str]) -> int:
    """Every token and its state."""
    options = list_tokens_parser().parse_args(argv)
    keep = keeper()
    names = [check_name(options.profile, "profile")] if options.profile else Library(keep.home).names()
    if not names and not options.json:
        say("No profiles yet. Next: keybound init")
        return 0
    try:
        evaluation = look(keep, names)
    except Unavailable as away:
        return _stale(keep, away, names, options)
    for fault in evaluation.faults.values():
        warn(str(fault))
    for name, sentence in unapproved_parts(evaluation):
        warn(f"{name}: {sentence}")
    times = last_released(keep)
    rows = [row(one, times) for one in evaluation.judged if options.state in (None, one.verdict.state.word)]
    lost = orphans(keep, evaluation)
    for id_ in lost:
        warn(
            f"{id_} has a secret but no definition\n"
            f"  Restore it: keybound adopt {id_}\n  Delete it: keybound remove {id_}"
        )
    if options.json:
        put_json(rows + [{"id": id_, "state": None} for id_ in lost])
        return 0
    chosen = evaluation.judged if options.state is None else _in_state(evaluation.judged, options.state)
    _table(keep, chosen, times, fold=options.state is None)
    return 0


def _in_state(judged: tuple[Judged, ...], state: str) -> tuple[Judged, ...]:
    return tuple(one for one in judged if one.verdict.state.word == state)


def _table(keep: Keeper, judged: tuple[Judged, ...], times: Mapping[str, str], *, fold: bool) -> None:
    if not judged:
        say("No tokens. Next: keybound add PROFILE/NAME --env VARIABLE")
        return
    shown, folded = never_added(judged) if fold else (list(judged), [])
    for line in [*lines(list(rows_of(shown, times)), keep.clock()), *folded]:
        say(line)


def _stale(keep: Keeper, fault: Unavailable, names: list[str], options: "Namespace") -> int:
    """What was last known, in the same order, columns and filters."""
    known = last_known(keep, names)
    if options.state:
        known = [one for one in known if (state := known_state(one)) is not None and state.word == options.state]
    if options.json:
        put_json([known_row(one) for one in known])
    else:
        for line in lines(list(stale_rows(keep, known, names, _times(keep))), keep.clock()):
            say(line)
    warn(str(fault))
    return fault.status


def _times(keep: Keeper) -> Mapping[str, str]:
    try:
        return last_released(keep)
    except Unavailable:
        return {}


def show_parser() -> "ArgumentParser":
    """What ``show`` takes."""
    return _one_parser("show", "The secret is not shown.")


def show(argv: list[str]) -> int:
    """One token in full."""
    return _one(show_parser().parse_args(argv), _show)


def why_parser() -> "ArgumentParser":
    """What ``why`` takes."""
    return _one_parser("why", "Names the key, its approved and current values, and where it is set.")


def why(argv: list[str]) -> int:
    """Why a token is in its state."""
    return _one(why_parser().parse_args(argv), _why)


def _one_parser(verb: str, more: str) -> "ArgumentParser":
    parse = parser(verb, f"keybound {verb} staging/github", f"keybound {verb} github --json", more=more)
    add_token(parse)
    add_json(parse)
    return parse


def _one(options: "Namespace", tell: Callable[[Judged], None]) -> int:
    keep = keeper()
    token = token_named(keep, options.token)
    evaluation = look(keep, [token.profile])
    judged = find(keep, token)
    if options.json:
        put_json(show_json(judged, keep))
        return 0
    tell(judged)
    for name, sentence in unapproved_parts(evaluation):
        say(f"  The profile {name}: {sentence}")
    return 0


def _show(judged: Judged) -> None:
    token = judged.token
    say(f"{judged.verdict.state.glyph} {judged.id}  {judged.verdict.state.word}")
    if token is not None:
        say(f"  variable  {', '.join(token.env)}")
        say(f"  kind      {token.kind}")
        say(f"  scopes    {', '.join(token.scopes) or 'none declared'}")
        say(f"  release   {_ways(token)}")
        for words in unbuilt(token):
            say(f"  note      {words}")
    for bound in bound_rows(judged):
        mark = {True: "inside", False: "OUTSIDE", None: "unreadable"}[bound.inside]
        say(f"  bound     {bound.key}  {bound.rule}  now {bound.now.text}  {mark} (reaction: {bound.outside})")
    _why(judged)


def _ways(token: Token) -> str:
    """By which ways, and to which programs, it leaves."""
    if token.callers:
        return f"exec, to {', '.join(token.callers)} only"
    return "any way" if token.release == WAYS else f"{', '.join(sorted(token.release))} only"


def _why(judged: Judged) -> None:
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
