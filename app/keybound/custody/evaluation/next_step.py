"""What its owner can do next about a token that is withheld."""

from keybound.custody.evaluation.evaluate import Judged
from keybound.domain.verdict.states import Reaction, State


def next_step(one: Judged) -> str:
    """The next command, as one line; "" where nothing has to be done, or the token recovers by itself."""
    state, id_ = one.verdict.state, one.id
    if state is State.MISSING:
        return f"keybound {'login' if one.token and one.token.oauth else 'add'} {id_}"
    if state is State.UNAPPROVED:
        part = one.inputs is not None and one.inputs.token.scopes and not one.inputs.grants_approved
        return f"keybound approve {id_.profile if part else id_}"
    if state is not State.EXPIRED or one.inputs is None:
        return ""
    if _only_a_new_secret_helps(one):
        return f"keybound refresh {id_}"
    if any(found.key and not found.then and found.reaction >= Reaction.REFRESH for found in one.verdict.findings):
        return f"put the value back, or widen the boundary with keybound bind; then run keybound approve {id_}"
    return f"keybound approve {id_}, or keybound refresh {id_} with a new secret"


def _only_a_new_secret_helps(one: Judged) -> bool:
    """Whether its secret was erased, or its time has run out."""
    envelope = one.held.envelope
    ended = any(
        not found.key and found.reaction is Reaction.SUSPEND
        for found in one.verdict.findings
        if found.state is State.EXPIRED
    )
    return (envelope is not None and envelope.secret is None) or ended
