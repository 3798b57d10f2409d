"""What is tried again later: how often it failed, why, and when the next try is due."""

from datetime import datetime, timedelta
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.domain.text.compact_json import dumps, loads

_DELAYS = (60, 300, 1800, 7200, 43_200)  # seconds after the first, second … failure; then a day
_DAY = 86_400


class Attempt(NamedTuple):
    """What one try came to, in a line; ``failed``: it is made again later."""

    line: str
    failed: bool = False


class Tries(NamedTuple):
    """``failures`` so far, the last because of ``why``; not again before ``next_at``."""

    failures: int
    next_at: datetime
    why: str


def tries(context: Context, work: str) -> Tries | None:
    """What is remembered of failures of this work; None where there were none. A lost state means: try at once."""
    try:
        told = loads(context.state.get_meta(_key(work)) or "null")
        return Tries(int(told["count"]), datetime.fromisoformat(told["next"]), str(told["why"])) if told else None
    except (ValueError, TypeError, KeyError):
        return None


def is_due(context: Context, work: str) -> bool:
    """Whether it may be tried now. A next try that lies further ahead than any delay is from another clock, and is due."""
    before, now = tries(context, work), context.clock()
    return before is None or not now < before.next_at <= now + timedelta(seconds=_DAY)


def note_failure(context: Context, work: str, why: str, retry_after: int | None = None) -> None:
    """Remember one more failure. ``retry_after``: seconds that the other side asked for."""
    before = tries(context, work)
    count = before.failures + 1 if before else 1
    delay = _DELAYS[count - 1] if count <= len(_DELAYS) else _DAY
    until = context.clock() + timedelta(seconds=min(max(delay, retry_after or 0), _DAY))
    context.state.set_meta(_key(work), dumps({"count": count, "next": until.isoformat(), "why": why}))


def note_success(context: Context, work: str) -> None:
    """Forget the failures."""
    if context.state.get_meta(_key(work)) is not None:
        context.state.set_meta(_key(work), "null")


def _key(work: str) -> str:
    return f"tries {work}"
