"""list: list all tokens and their states."""

from collections.abc import Mapping

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.cli.console.rows import known_row, row
from keybound.cli.console.table import known_state, last_known, lines, never_added, rows_of, stale_rows
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.last_released import last_released
from keybound.custody.evaluation.orphans import orphans
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.custody.tokens.unapproved_parts import unapproved_parts
from keybound.domain.errors import UnavailableError
from keybound.domain.values.names import check_name
from keybound.domain.verdict.states import STATES

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
    context = own_context()
    names = [check_name(options.profile, "profile")] if options.profile else Library(context.home).names()
    if not names and not options.json:
        say("No profiles yet. Next: keybound init")
        return 0
    try:
        evaluation = evaluate_and_record(context, names)
    except UnavailableError as away:
        return _stale(context, away, names, options)
    for fault in evaluation.faults.values():
        warn(str(fault))
    for name, sentence in unapproved_parts(evaluation):
        warn(f"{name}: {sentence}")
    times = last_released(context)
    rows = [row(one, times) for one in evaluation.judged if options.state in (None, one.verdict.state.word)]
    lost = orphans(context, evaluation)
    for id_ in lost:
        warn(
            f"{id_} has a secret but no definition\n"
            f"  Restore it: keybound adopt {id_}\n  Delete it: keybound remove {id_}"
        )
    if options.json:
        put_json(rows + [{"id": id_, "state": None} for id_ in lost])
        return 0
    chosen = evaluation.judged if options.state is None else _in_state(evaluation.judged, options.state)
    _table(context, chosen, times, fold=options.state is None)
    return 0


def _in_state(judged: tuple[Judged, ...], state: str) -> tuple[Judged, ...]:
    return tuple(one for one in judged if one.verdict.state.word == state)


def _table(context: Context, judged: tuple[Judged, ...], times: Mapping[str, str], *, fold: bool) -> None:
    if not judged:
        say("No tokens. Next: keybound add PROFILE/NAME" if fold else "No tokens in this state.")
        return
    shown, folded = never_added(judged) if fold else (list(judged), [])
    for line in [*lines(list(rows_of(shown, times)), context.clock()), *folded]:
        say(line)


def _stale(context: Context, fault: UnavailableError, names: list[str], options: "Namespace") -> int:
    """What was last known, in the same order, columns and filters."""
    known = last_known(context, names)
    if options.state:
        known = [one for one in known if (state := known_state(one)) is not None and state.word == options.state]
    if options.json:
        put_json([known_row(one) for one in known])
    else:
        for line in lines(list(stale_rows(context, known, names, _times(context))), context.clock()):
            say(line)
    warn(str(fault))
    return fault.status


def _times(context: Context) -> Mapping[str, str]:
    try:
        return last_released(context)
    except UnavailableError:
        return {}
