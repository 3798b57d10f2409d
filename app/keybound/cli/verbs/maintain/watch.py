"""watch: the guard without a screen."""

import os
import sys
import threading
from collections.abc import Mapping
from typing import NoReturn

from keybound.cli.console.arguments import parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import flush, say, warn
from keybound.cli.units.saying import say_installed, say_removed
from keybound.cli.units.timer import timer_unit
from keybound.cli.verbs.maintain.alerts import own_bell
from keybound.custody.alerts.delivery import deliver
from keybound.custody.application.watching import Again, look
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.tokens.unapproved_parts import unapproved_parts
from keybound.domain.errors import UnavailableError
from keybound.domain.verdict.states import State
from keybound.stores.watchers import announced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

MOST_SECONDS = 60.0


def watch_parser() -> "ArgumentParser":
    """What ``watch`` takes."""
    parse = parser(
        "watch",
        "keybound watch",
        "keybound watch --once || keybound list",
        more="Records expiries, runs due refreshes, delivers alerts, and prints a line for each change.",
    )
    parse.add_argument(
        "--once", action="store_true", help="Look once, then exit: with status 1 if a token is withheld."
    )
    unit = parse.add_mutually_exclusive_group()
    unit.add_argument(
        "--install",
        action="store_true",
        help="Write a systemd user timer (on macOS, a launchd plist) that runs `keybound refresh --due` every hour, and print "
        "how to enable it.",
    )
    unit.add_argument("--uninstall", action="store_true", help="Remove those files again.")
    return parse


def watch(argv: list[str]) -> int:
    """Guard until interrupted; one line for each token that changes state."""
    options = watch_parser().parse_args(argv)
    context, memory = own_context(), EvaluationCache()
    if options.install or options.uninstall:
        unit = timer_unit(sys.platform, os.environ, context.home)
        return say_installed(unit) if options.install else say_removed(unit)
    context.delivers = True
    states, again = _look(context, memory, {})
    if options.once:
        return 1 if any(not state.usable and state is not State.MISSING for state in states.values()) else 0
    with announced(context.home.state):
        return _guard(context, memory, states, again)


def _guard(context: Context, memory: EvaluationCache, states: dict[str, State], again: Again) -> NoReturn:
    from keybound.sources.files.watch import watch as watch_files

    changed = threading.Event()
    stop, watched = watch_files(again.paths, changed.set), again.paths
    while True:
        changed.wait(again.seconds)
        changed.clear()
        try:
            states, again = _look(context, memory, states)
        except UnavailableError as fault:
            warn(str(fault))
            deliver(context, own_bell())  # what was found while the store was away
            again = again._replace(seconds=MOST_SECONDS)
        if again.paths != watched:
            stop()
            stop, watched = watch_files(again.paths, changed.set), again.paths


def _look(context: Context, memory: EvaluationCache, before: Mapping[str, State]) -> tuple[dict[str, State], Again]:
    evaluation, again = look(context, MOST_SECONDS, memory.evaluate, own_bell())
    for fault in evaluation.faults.values():
        warn(str(fault))
    for note in evaluation.notes:
        say(note)
    states = {str(one.id): one.verdict.state for one in evaluation.judged}
    for name, sentence in unapproved_parts(evaluation):
        states[name] = State.UNAPPROVED
        if before.get(name) is not State.UNAPPROVED:
            say(f"{State.UNAPPROVED.glyph} {name} {State.UNAPPROVED.word}  {sentence}")
    for one in evaluation.judged:
        if before.get(str(one.id)) is not one.verdict.state:
            say(f"{one.verdict.state.glyph} {one.id} {one.verdict.state.word}  {one.verdict.why}".rstrip())
    flush()  # a pipe or a log hears of it now
    return states, again
