"""Have the provider revoke a token by the request that was approved for it."""

from enum import StrEnum
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.providers.asking import ask, carries_itself, is_good, retry_after, says_dead
from keybound.domain.seal.requests import SealedRequest
from keybound.domain.text.secret import Secret
from keybound.remote.http import Fault, HttpFault, HttpResponse

_UNLIKELY = (Fault.UNSENT, Fault.ADDRESS)  # trying again changes nothing
_BUSY = (408, 425, 429)


class RevokeOutcome(StrEnum):
    """How it went."""

    DONE = "done"
    REFUSED = "refused"  # trying again will not help
    LATER = "later"


class Revocation(NamedTuple):
    """How it went, in a line without a secret. ``wait_s``: how long the provider asks to wait before the next try."""

    outcome: RevokeOutcome
    why: str
    wait_s: float | None = None


def revoke_by_request(context: Context, request: SealedRequest, secret: Secret) -> Revocation:
    """Send the sealed request for ``revoke``; say how it went. Raises BadInputError for a broken config.toml or private CA.

    The caller keeps what must be kept, and tries again later where that may help.
    """
    answer = ask(context, request, secret)
    if isinstance(answer, HttpFault):
        outcome = RevokeOutcome.REFUSED if answer.fault in _UNLIKELY else RevokeOutcome.LATER
        return Revocation(outcome, f"{request.host}: {answer.why}")
    if is_good(request, answer):
        return Revocation(RevokeOutcome.DONE, f"{request.host} revoked it")
    if says_dead(request, answer):
        return Revocation(RevokeOutcome.DONE, f"{request.host} no longer accepts it")
    if answer.status in _BUSY or answer.status >= 500:
        wait = retry_after(answer, context.clock())
        return Revocation(RevokeOutcome.LATER, _words(request, answer), wait)
    return Revocation(RevokeOutcome.REFUSED, _words(request, answer))


def _words(request: SealedRequest, answer: HttpResponse) -> str:
    if 300 <= answer.status < 400:
        return f"{request.host} answers {answer.status}, a redirect, which is not followed"
    if 200 <= answer.status < 300:
        return f"{request.host} answers {answer.status}, but does not say that it did it"
    if answer.status == 401 and not carries_itself(request):
        return f"{request.host} asks for an authentication of its own (401)"
    return f"{request.host} answers {answer.status}"
