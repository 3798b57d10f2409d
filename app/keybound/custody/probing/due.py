"""Probes that are due: run by whoever watches, the agent and the application."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.probing.answers import Answer, ProbeOutcome
from keybound.custody.probing.asking import asked_of
from keybound.custody.probing.probe import Probed, probe
from keybound.custody.probing.tries import last_try, next_try, note_try
from keybound.custody.programs.commands import missing_input
from keybound.domain.errors import KeyboundError, UnavailableError

_SOON = datetime(1970, 1, 1, tzinfo=UTC)


class DueProbes(NamedTuple):
    """What was run, a line for each that cannot be, and the seconds to the next one (None: none is to come)."""

    probed: tuple[Probed, ...]
    faults: tuple[str, ...]
    next_s: float | None


def run_due_probes(context: Context, judged: Iterable[Judged], most: int) -> DueProbes:
    """Probe every token whose ``probe.every`` has passed; the oldest first, ``most`` at once. Raises UnavailableError."""
    now = context.clock()
    moments = sorted((moment, one.id) for one in judged for moment in [_due(context, one)] if moment is not None)
    probed, faults = [], []
    for _, token in [row for row in moments if row[0] <= now][:most]:
        try:
            probed.append(probe(context, token))
        except KeyboundError as fault:
            faults.append(" ".join(str(fault).split()))
            with suppress(UnavailableError):  # it is not tried again at once, either
                note_try(context, str(token), Answer(ProbeOutcome.UNCLEAR, fault.what))
    done = {one.id for one in probed}
    later = [(moment - now).total_seconds() for moment, id_ in moments if str(id_) not in done]
    return DueProbes(tuple(probed), tuple(faults), max(min(later), 1.0) if later else None)


def is_to_probe(context: Context, one: Judged) -> bool:
    """Whether the token is to be asked about now. Raises UnavailableError."""
    moment = _due(context, one)
    return moment is not None and moment <= context.clock()


def _due(context: Context, one: Judged) -> datetime | None:
    """When the token is to be asked about next; None where that is nobody's to do by itself."""
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None or token.probe is None or token.probe.every is None:
        return None
    command = token.probe.command
    if command and not context.attended and missing_input(command, context.environ):
        return None  # nobody gave this environment
    with suppress(KeyboundError):
        asked_of(one)
        heard = "" if envelope.carried.get("stale") else str(envelope.carried.get("at", ""))
        due = datetime.fromisoformat(heard) + timedelta(seconds=token.probe.every) if heard else _SOON
        return next_try(last_try(context, str(one.id)), due)
    return None
