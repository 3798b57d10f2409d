"""When the last backup was made and what it held, so that one that is missing or old is said."""

from datetime import datetime
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.counts import plural
from keybound.domain.values.moments import stamp

_META = "last_backup"


class LastBackup(NamedTuple):
    """``at``: when it was made, None for never; ``tokens``: how many it held; ``missing``: how many there are that it lacks."""

    at: datetime | None
    tokens: int
    missing: int

    @property
    def is_wanting(self) -> bool:
        """Whether there is a token that no backup holds."""
        return self.missing > 0

    def words(self, now: datetime) -> str:
        """One line for a person."""
        if self.at is None:
            return "no backup yet: keybound backup FILE"
        days = (now - self.at).days
        age = "today" if days < 1 else f"{plural(days, 'day')} ago"
        since = (
            f"; {plural(self.missing, 'token')} added or changed since: keybound backup FILE" if self.missing else ""
        )
        return f"made {age}, with {plural(self.tokens, 'token')}{since}"


def last_backup(context: Context) -> LastBackup | None:
    """What is known of it; None where there is no token to lose. Raises UnavailableError."""
    rows = [one for one in context.state.known().values() if "/" in one.id and not one.removed]
    here = {one.id: f"{one.incarnation} {one.epoch}" for one in rows}
    if not here:
        return None
    at, held = _noted(context)
    return LastBackup(at, len(held), sum(held.get(id_) != mark for id_, mark in here.items()))


def note_backup(context: Context, at: datetime, held: dict[str, str]) -> None:
    """Remember a backup that was made. ``held``: the incarnation and epoch of each token that it holds."""
    context.state.set_meta(_META, dumps({"at": stamp(at), "held": held}))


def _noted(context: Context) -> tuple[datetime | None, dict[str, str]]:
    try:
        fields = loads(context.state.get_meta(_META) or "{}")
        return datetime.fromisoformat(fields["at"]), dict(fields["held"])
    except (ValueError, KeyError, TypeError):
        return None, {}
