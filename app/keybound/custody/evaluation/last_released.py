"""When each token was last released: an index of the journal, brought up to date when somebody looks.

It is a file of its own, so that looking moves nothing that a release depends on, and it can be made anew.
"""

import os
from collections.abc import Mapping
from datetime import datetime

from keybound.custody.context.context import Context
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.stores.atomic import write_atomic
from keybound.stores.regular_file import regular

INDEX = "last_released.json"


def last_released(context: Context) -> Mapping[str, str]:
    """Times (ISO 8601) by token id. Raises UnavailableError."""
    path = os.path.join(context.home.state, INDEX)
    seen, times = _kept(path)
    last = context.journal.last()
    if last is None or last.seq == seen:
        return times
    fresh = last.seq - seen if last.seq > seen else last.seq  # a chain that begins anew is read from its start
    found: dict[str, str] = {}
    for event in context.journal.newest(fresh):
        if event.kind == EventKind.RELEASED:
            found.setdefault(event.id, stamp(datetime.fromisoformat(event.at)))
    write_atomic(path, dumps({"seen": last.seq, "times": {**times, **found}}).encode())
    return {**times, **found}


def _kept(path: str) -> tuple[int, dict[str, str]]:
    try:
        with open(path, encoding="ascii", opener=regular) as file:
            fields = loads(file.read())
        return int(fields["seen"]), dict(fields["times"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, {}
