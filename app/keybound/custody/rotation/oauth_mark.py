"""Whether a refresh token was used is not always known. Many servers take one once: a second use ends the whole login.

So a request is marked before it is sent, and the mark goes when its answer was kept. A mark that a killed process left means
that nobody knows whether the refresh token was used: then nothing is tried while the access token still works. Once that has
ended, another try can lose nothing.
"""

from keybound.custody.context.context import Context
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.names import TokenId


def is_unsure(context: Context, token: TokenId, envelope: Envelope | None) -> bool:
    """Whether a refresh with the present refresh token was begun, and its answer was never kept."""
    mark = context.state.get_meta(_key(token))
    return mark is not None and envelope is not None and mark == _mark(envelope)


def mark_sent(context: Context, token: TokenId, envelope: Envelope) -> None:
    """From now on nobody knows whether the refresh token was used."""
    context.state.set_meta(_key(token), _mark(envelope))


def clear_sent(context: Context, token: TokenId) -> None:
    """It is known again: it was not used, or what it gave is stored."""
    context.state.set_meta(_key(token), "")


def _mark(envelope: Envelope) -> str:
    return f"{envelope.incarnation} {envelope.refreshed_at}"


def _key(token: TokenId) -> str:
    return f"oauth sent {token}"
