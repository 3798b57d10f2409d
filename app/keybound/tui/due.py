"""What is due in the next days, from what is known of every token."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.words import plural

DAYS = 90
DAY = 86_400.0


class Due(NamedTuple):
    """Something that time brings: when (epoch seconds), to which token, and what.

    ``by_itself``: nobody has to do anything; ``why``: why it failed before.
    """

    at: float
    token: TokenView
    what: str
    by_itself: bool
    why: str = ""


def due_soon(tokens: Iterable[TokenView], now: float) -> list[Due]:
    """What is due within :data:`DAYS`, or was before, soonest first."""
    found = [one for token in tokens for one in _of(token) if one.at <= now + DAYS * DAY]
    return sorted(found, key=lambda one: (one.at, one.token.id))


def _of(token: TokenView) -> Iterator[Due]:
    rotation = token.rotation
    if token.expires_at is not None and token.state not in (State.MISSING,):
        renewed = rotation.by_itself and not (rotation.oauth and not rotation.logged_in)
        what = "refreshed by itself" if renewed else "needs a new secret"
        if rotation.oauth and not rotation.logged_in:
            what = "needs a login"
        yield Due(token.expires_at, token, what, renewed)
    if rotation.revoke_at is not None:
        what = f"{plural(rotation.to_revoke, 'old secret')} to revoke"
        yield Due(rotation.revoke_at, token, what, not rotation.revoke_fault, rotation.revoke_fault)
