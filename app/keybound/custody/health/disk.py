"""Whether there is room for the journal and the state: nothing is released that cannot be journaled."""

import os
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok, warn

_NEEDED, _LITTLE = 1 << 20, 50 << 20  # bytes


def disk(context: Context) -> list[Finding]:
    """Of the state and the data; what lies on one file system is said once."""
    places = {os.stat(place).st_dev: place for place in map(_nearest, (context.home.data, context.home.state))}
    faults = [fault for place in places.values() for fault in _place(place)]
    return faults or [ok("there is room for the journal and the state")]


def _place(place: str) -> Iterator[Finding]:
    found = os.statvfs(place)
    free = found.f_bavail * found.f_frsize
    if free < _NEEDED:
        yield fail(f"the disk of {place} is full: {free >> 10} KiB are left, and nothing is released that cannot be journaled",
                   f"Make room: df -h {place}")  # fmt: skip
    elif found.f_files and not found.f_favail:
        yield fail(f"the disk of {place} takes no more files", f"Remove some: df -i {place}")
    elif free < _LITTLE:
        yield warn(f"the disk of {place} is almost full: {free >> 20} MiB are left", f"Make room: df -h {place}")


def _nearest(folder: str) -> str:
    """The folder, or the nearest one above that is there."""
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder
