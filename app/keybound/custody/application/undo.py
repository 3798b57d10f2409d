"""The changes of profiles that the application made, to be taken back. Secrets and recorded expiries are none of them."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress

from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.view_models.plans import ProfileChange
from keybound.domain.errors import KeyboundError, RefusedError
from keybound.domain.text.merge import merged
from keybound.stores.atomic import write_atomic
from keybound.stores.regular_file import regular

MOST = 50  # changes that are kept
_LONGEST = 1 << 18  # characters of a text that is kept


def remember_change(context: Context, profile: str, said: str, before: str | None) -> None:
    """Keep what a profile was before a change that has just been made. What cannot be kept cannot be taken back, no more."""
    with suppress(KeyboundError, OSError):
        after = Library(context.home).text(profile)
        if before is not None and before != after and len(before) + len(after) <= _LONGEST:
            change = ProfileChange(profile, said, context.clock().timestamp(), before, after)
            _write(context, [*_read(context), change][-MOST:])


def last_change(context: Context) -> tuple[ProfileChange, str] | None:
    """The last change, and the profile's text without it: what was changed since stays. None where there is none.

    Raises RefusedError where the same lines were changed since, NotFoundError where the profile is gone; it is then forgotten.
    """
    changes = _read(context)
    if not changes:
        return None
    change = changes[-1]
    try:
        now = Library(context.home).text(change.profile)
        text = merged(change.after, change.before, now)
        if text is None:
            raise RefusedError(
                f"cannot undo ({change.said}): the same lines of {change.profile}.toml were changed since",
                hint="The change before it can still be undone.",
            )
    except KeyboundError:
        _write(context, changes[:-1])
        raise
    return change._replace(after=now), text


def forget_change(context: Context) -> None:
    """The last change was taken back."""
    _write(context, _read(context)[:-1])


def _path(context: Context) -> str:
    return os.path.join(context.home.state, "undo.json")


def _read(context: Context) -> Sequence[ProfileChange]:
    try:
        with open(_path(context), encoding="utf-8", opener=regular) as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return []
    changes = []
    for each in found if isinstance(found, list) else ():
        match each:
            case [str(profile), str(said), int() | float() as at, str(before), str(after)]:
                changes.append(ProfileChange(profile, said, at, before, after))
    return changes


def _write(context: Context, changes: Sequence[ProfileChange]) -> None:
    with suppress(KeyboundError, OSError):
        write_atomic(_path(context), json.dumps(changes).encode())
