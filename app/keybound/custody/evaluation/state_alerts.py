"""What the states of tokens are an alert to, beside those that only one caller has."""

from collections.abc import Iterable, Iterator
from datetime import UTC

from keybound.custody.alerts.raising import Raised, raise_alerts
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Evaluation, Judged
from keybound.domain.guard.expiry_times import expiry_time, soon_before
from keybound.domain.values.alert_kinds import STATE_ALERTS, AlertKind
from keybound.domain.values.keys import is_context
from keybound.domain.values.moments import moment_words
from keybound.domain.verdict.states import State
from keybound.domain.verdict.sticky import stuck

_KINDS = (*STATE_ALERTS.values(), AlertKind.DUE)


def raise_state_alerts(context: Context, evaluation: Evaluation, parts: Iterable[tuple[str, str]]) -> None:
    """Raise what is new, end what is over. ``parts``: unapproved ones, profile and sentence. Raises UnavailableError."""
    judged = [one for one in evaluation.judged if one.held.envelope is not None and not _passes(one)]
    found = [*_tokens(judged), *_parts(parts)]
    stand = {(one.about, one.kind) for one in found}
    looked = [*map(str, (one.id for one in judged)), *evaluation.loaded]
    raise_alerts(context, found, [(id_, kind) for id_ in looked for kind in _KINDS if (id_, kind) not in stand])


def _passes(one: Judged) -> bool:
    """What is so for a moment only: a file has not rested yet, or a refresh is about to run."""
    return one.verdict.unsettled_ns is not None or one.verdict.refresh_due


def _tokens(judged: list[Judged]) -> Iterator[Raised]:
    for one in judged:
        standing = one.verdict.standing
        if kind := STATE_ALERTS.get(standing.word):
            yield Raised(kind, str(one.id), _why(one, standing))
        elif words := _due(one):
            yield Raised(AlertKind.DUE, str(one.id), words)


def _why(one: Judged, state: State) -> str:
    sticky = stuck(
        one.held.envelope.sticky if one.held.envelope else None, one.held.known.pending if one.held.known else ""
    )
    if state is State.EXPIRED and sticky is not None:
        return sticky.why  # it stays so, whatever the value is by now
    findings = (each for each in one.verdict.findings if each.state is state and not is_context(each.key))
    return next((each.message for each in findings), "")


def _due(one: Judged) -> str:
    """When the token ends, where that is soon."""
    inputs, envelope = one.inputs, one.held.envelope
    if inputs is None or envelope is None or inputs.clock_ahead:
        return ""
    end = expiry_time(inputs.token, envelope)
    if end is None or not inputs.now < end <= inputs.now + soon_before(inputs.token, envelope):
        return ""
    return f"its lifetime ends on {moment_words(end.astimezone(UTC))}"


def _parts(parts: Iterable[tuple[str, str]]) -> Iterator[Raised]:
    found: dict[str, list[str]] = {}
    for name, sentence in parts:
        found.setdefault(name, []).append(sentence)
    return (Raised(AlertKind.UNAPPROVED, name, "; ".join(sentences)) for name, sentences in found.items())
