"""When the last backup was made and what it held, so that one that is missing or old is said."""

import os
from datetime import datetime

from keybound.custody.context.context import Context
from keybound.custody.view_models.status import LastBackup
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.values.moments import stamp

_META = "last_backup"


def last_backup(context: Context) -> LastBackup | None:
    """What is known of it; None where there is no token to lose. Raises UnavailableError."""
    if not os.path.exists(os.path.join(context.home.state, "state.db")):
        return None
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
