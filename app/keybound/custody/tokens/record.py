"""What the state keeps of an evaluation: the last verdicts, and the epochs of envelopes that it did not know."""

from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import Held
from keybound.custody.evaluation.evaluate import Evaluation, Judged
from keybound.custody.tokens.sealing import known_record, profile_text
from keybound.custody.tokens.unapproved_parts import unapproved_parts
from keybound.domain.seal.seal import definition_record, env_digest, grants_digest, to_text
from keybound.domain.verdict.states import State
from keybound.stores.state import Known

_CALM = (State.ACTIVE, State.MISSING)


def record_evaluation(context: Context, evaluation: Evaluation) -> None:
    """Keep what a shell or a list needs that later meets a locked store. Raises UnavailableError.

    A lost or older state takes over what the store holds. Verdicts of context keys are nobody else's and are not kept.
    What its owner is alerted to is kept with the verdicts, in one transaction; where nothing is amiss nothing is loaded for it.
    """
    adopted = [*_tokens(evaluation), *_profiles(evaluation)]
    new = {one.id for one in adopted}
    words = [(one.verdict.standing, str(one.id), one.held.known) for one in evaluation.judged]
    parts = list(unapproved_parts(evaluation))
    named = {name for name, _ in parts}
    words += [
        (State.UNAPPROVED if name in named else State.ACTIVE, name, held.known)  # so that its approval is noticed
        for name, held in evaluation.seals.items()
    ]
    moved = [
        (state.word, id_)
        for state, id_, known in words
        if id_ in new or (known is not None and known.verdict != state.word)
    ]
    if not adopted and not moved and all(state in _CALM for state, _, _ in words):
        return
    from keybound.custody.evaluation.state_alerts import raise_state_alerts

    with context.state.together():
        context.state.adopt(adopted)
        context.state.set_verdicts(moved)
        raise_state_alerts(context, evaluation, parts)


def _tokens(evaluation: Evaluation) -> Iterator[Known]:
    for one in evaluation.judged:
        if one.held.envelope is not None and _newer(one.held):
            yield known_record(one.held.envelope, _sealed_text(one), one.held.known)


def _sealed_text(one: Judged) -> str:
    """The definition as it was sealed, where that is the present one; else what was known before."""
    inputs, loaded, envelope = one.inputs, one.loaded, one.held.envelope
    if inputs is not None and loaded is not None and envelope is not None and envelope.digest == inputs.digest:
        return to_text(definition_record(inputs.token, loaded.profile))
    return one.held.known.sealed_text if one.held.known else ""


def _profiles(evaluation: Evaluation) -> Iterator[Known]:
    for name, held in evaluation.seals.items():
        envelope = held.envelope
        if envelope is not None and _newer(held):
            profile = evaluation.loaded[name].profile
            sealed = (envelope.env_digest, envelope.grants_digest)
            same = sealed == (env_digest(profile.env), grants_digest(profile.grants))
            before = held.known.sealed_text if held.known else ""
            yield known_record(envelope, profile_text(profile) if same else before, held.known)


def _newer(held: Held) -> bool:
    """Whether the store holds a believable envelope that the state does not know."""
    known, envelope = held.known, held.envelope
    return envelope is not None and held.blocked is None and (known is None or known.epoch < envelope.epoch)
