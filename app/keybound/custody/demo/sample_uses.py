"""What the demo's tokens were used for in the last two weeks: so that the screens that tell of it have something to tell."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from keybound.custody.context.context import Context
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.verdict.states import Way
from keybound.stores.journal.journal import Draft

DAYS = 14
_PLACE = "~/src/api"
# A token, the program that got it, how, and the hours of a day at which it did; every how many days.
_USES = (
    ("staging/github", "/usr/bin/gh", Way.EXEC, (8, 9, 14), 1),
    ("staging/github", "/usr/bin/git", Way.SHELL, (8, 10, 11, 16), 1),
    ("staging/deploy", "/usr/bin/make", Way.EXEC, (9, 15), 2),
    ("staging/registry", "/usr/bin/npm", Way.EXEC, (10,), 3),
    ("staging/metrics", "/usr/bin/curl", Way.EXEC, (7, 19), 1),
    ("base/artifacts", "/usr/bin/make", Way.EXEC, (11,), 4),
    ("personal/npm", "/usr/bin/npm", Way.EXEC, (20,), 5),
)


def add_uses(context: Context, now: datetime) -> None:
    """Journal them, oldest first, each at its time."""
    for at, drafts in groupby(sorted(_all(now), key=lambda each: each[0]), lambda each: each[0]):
        context.journal.append([draft for _, draft in drafts], at)


def _all(now: datetime) -> Iterator[tuple[datetime, Draft]]:
    for ago in range(1, DAYS):
        day = (now - timedelta(days=ago)).replace(minute=0, second=0, microsecond=0)
        for token, program, way, hours, every in _USES:
            for hour in hours if ago % every == 0 else ():
                yield (
                    day.replace(hour=hour, minute=(7 * ago + hour) % 60),
                    _used(token, program, way, 2000 + 31 * ago + hour),
                )


def _used(token: str, program: str, way: Way, pid: int) -> Draft:
    by = {"program": program, "arguments": 1, "pid": pid, "parent": 1, "parents": _PARENTS, "cwd": _PLACE, "tty": ""}
    return Draft(EventKind.RELEASED, token, by, {"way": way.value, "state": "active"})


_PARENTS: Sequence[str] = ["bash:1180"]
