"""One look of whoever watches a home: record and do what is due, and say when to look again."""

from typing import NamedTuple

from keybound.custody.alerts.delivery import deliver
from keybound.custody.alerts.routing import Ring
from keybound.custody.application.usage import alert_unusual
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import RESTING_SECONDS, Evaluating, Evaluation, evaluate, seconds_left
from keybound.custody.evaluation.offline import evaluate_offline
from keybound.custody.probing.due import run_due_probes
from keybound.custody.profiles.library import Library
from keybound.custody.rotation.renew import refresh_and_record, renew_due
from keybound.custody.rotation.revocation import revoke_pending
from keybound.custody.rotation.tries import Attempt
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import KeyboundError
from keybound.domain.text.sanitize import clean
from keybound.sources.files.snapshot import Snapshot

AWAY_SECONDS = 300.0  # to the next look while the store cannot be had; opened by Keybound it moves the generation


class Again(NamedTuple):
    """When a watcher looks again: as soon as one of ``paths`` changes, and in any case after ``seconds``."""

    paths: list[str]
    seconds: float


def look(
    context: Context, most: float, evaluating: Evaluating = evaluate, ring: Ring | None = None
) -> tuple[Evaluation, Again]:
    """Evaluate all, record expiries, refresh and revoke what is due, probe one token that is, deliver alerts.

    ``most``: seconds to the next look at most; ``ring``: how this process rings a bell, where it has one. Raises
    UnavailableError.
    """
    names = Library(context.home).names()
    evaluation = refresh_and_record(context, names, evaluating)
    notes, done = evaluation.notes, do_due(context, evaluation)
    due = run_due_probes(context, evaluation.judged, 1)  # one may take its time, and a file may change meanwhile
    if done or due.probed:
        notes = (*notes, *(one.line for one in done), *(clean(one.words) for one in due.probed))
        evaluation = evaluate_and_record(context, names, evaluating)
        notes = (*notes, *evaluation.notes)
    alert_unusual(context)
    delivery = deliver(context, ring)
    seconds = min(seconds_left(evaluation.judged, most), delivery.seconds or most, due.next_s or most)
    notes = (*notes, *map(clean, due.faults), *delivery.faults)
    return evaluation._replace(notes=notes), Again(watched_paths(context, evaluation.snapshot), seconds)


def do_due(context: Context, evaluation: Evaluation) -> list[Attempt]:
    """Refresh and revoke what is due; return each try. Raises UnavailableError."""
    renewed = renew_due(context, evaluation.judged, ended=False)
    seen = [one.held.envelope for one in evaluation.judged if one.held.envelope is not None]
    return [*renewed, *revoke_pending(context, envelopes=None if renewed else seen)]


def look_offline(context: Context) -> Again:
    """What to wait for while the store, the state or a profile cannot be had."""
    try:
        found = evaluate_offline(context, Library(context.home).names(), 0)
        again = Again(watched_paths(context, found.snapshot), RESTING_SECONDS if found.resting else AWAY_SECONDS)
    except KeyboundError:
        again = Again(list(always_watched(context)), AWAY_SECONDS)
    return again._replace(seconds=min(again.seconds, deliver(context).seconds or again.seconds))


def watched_paths(context: Context, seen: Snapshot) -> list[str]:
    """Every file that was read, every profile, and the change stamp."""
    paths = {*seen.files(), *always_watched(context)}
    paths |= {context.home.profile_path(name) for name in Library(context.home).names()}
    return sorted(paths)


def always_watched(context: Context) -> tuple[str, ...]:
    """What is looked at whatever else is: a lock or an unlock from elsewhere touches the generation."""
    home = context.home
    return (home.generation, home.policy, home.profiles)
