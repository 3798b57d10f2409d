"""When a token was last asked about, in the state: it decides when to ask again, and no verdict."""

from datetime import datetime, timedelta
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.probing.answers import Answer
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.values.moments import stamp

LEAST_WAIT_S = 900.0  # after a try that did not go well


class Try(NamedTuple):
    """The last try: when, and how long to wait after it."""

    at: datetime
    wait_s: float


def note_try(context: Context, id_: str, answer: Answer) -> None:
    """Remember it. Raises UnavailableError."""
    wait = max(answer.wait_s or 0.0, LEAST_WAIT_S)
    context.state.set_meta(_name(id_), dumps({"at": stamp(context.clock()), "wait": wait}))


def last_try(context: Context, id_: str) -> Try | None:
    """The last one, None where none is known. Raises UnavailableError."""
    try:
        kept = loads(context.state.get_meta(_name(id_)) or "")
        return Try(datetime.fromisoformat(kept["at"]), float(kept["wait"]))
    except (ValueError, TypeError, KeyError):
        return None


def next_try(last: Try | None, due: datetime) -> datetime:
    """The moment from which it may be asked again."""
    return max(due, last.at + timedelta(seconds=last.wait_s)) if last else due


def _name(id_: str) -> str:
    return f"probe {id_}"
