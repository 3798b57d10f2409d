"""Prove a new secret before it takes the place of the old one, where the definition says that the token is probed."""

from collections.abc import Callable

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.probing.answers import ProbeOutcome
from keybound.custody.probing.probe import ask, keep_answer
from keybound.domain.errors import RefusedError
from keybound.domain.text.secret import Secret

_BAD = (ProbeOutcome.REVOKED, ProbeOutcome.REFUSED)


def proved(context: Context, one: Judged, secret: Secret) -> Callable[[], object]:
    """Ask the provider about the new secret. Returns what is to be called once it is stored: it keeps what was heard.

    Raises RefusedError where the provider does not accept it; one that cannot be asked now proves nothing, and stops nothing.
    """
    if one.token is None or one.token.probe is None:
        return lambda: None
    host, answer = ask(context, one, secret)
    if answer.outcome in _BAD:
        raise RefusedError(
            f"the new secret of {one.id} is not accepted: {answer.why or answer.outcome}",
            where=host,
            hint="Nothing was replaced: the old one stays.",
        )
    return lambda: keep_answer(context, one.id, secret, host, answer)
