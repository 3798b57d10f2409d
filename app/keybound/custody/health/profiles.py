"""Whether every profile, and the policy, can be read; a profile that cannot withholds its tokens."""

import os
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.context.paths import IN_USE, read_line
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.custody.profiles.library import Library
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.counts import plural


def profiles(context: Context) -> list[Finding]:
    """Raises BadInputError where policy.toml is broken: every profile is, then."""
    library = Library(context.home)
    library.policy()
    names = library.names()
    faults = [
        *(fault for name in names for fault in _fault(library, name)),
        *_not_read(context, names),
        *_in_use(context),
    ]
    return faults or [ok(f"{plural(len(names), 'profile')}, all readable" if names else "there are no profiles yet")]


def _fault(library: Library, name: str) -> Iterator[Finding]:
    try:
        library.load(name)
    except (BadInputError, NotFoundError) as fault:
        path = fault.where or library.home.profile_path(name)
        yield fail(f"{path}: {fault.what}", fault.hint or f"Correct it: keybound profile edit {name}")


def _not_read(context: Context, names: list[str]) -> Iterator[Finding]:
    try:
        entries = os.listdir(context.home.profiles)
    except OSError:
        return
    for entry in sorted(entries):
        if entry.endswith(".toml") and entry[:-5] not in names:
            path = os.path.join(context.home.profiles, entry)
            yield warn(f"{path} is no profile: its name is not one (a-z 0-9 . _ -)", "Rename it.")


def _in_use(context: Context) -> Iterator[Finding]:
    name = read_line(context.home.state, IN_USE)
    if name and not os.path.lexists(context.home.profile_path(name)):
        yield fail(f"the profile in use, {name}, does not exist", "Choose another: keybound use PROFILE")
