"""Every path that has a say in what a path leads to: the path itself, the links on the way, and their end."""

import os

_MOST_LINKS = 40


def hops(path: str) -> tuple[str, ...]:
    """Return ``path`` made absolute, each link that it goes through, and the file at the end, without repeats."""
    here = os.path.abspath(path)
    seen = [here]
    for _ in range(_MOST_LINKS):
        try:
            target = os.readlink(here)
        except (OSError, ValueError):
            break
        here = os.path.normpath(os.path.join(os.path.realpath(os.path.dirname(here)), target))
        seen.append(here)
    try:
        seen.append(os.path.realpath(path))
    except (OSError, ValueError):
        pass
    return tuple(dict.fromkeys(seen))


def nearest_folder(path: str) -> str:
    """Return the nearest folder above ``path`` that exists."""
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def rested_since(path: str) -> int | None:
    """Return the ctime (ns) of the file, or of the nearest folder of a file that is not there; None if neither tells.

    For a link that leads nowhere it is the latest of both ends.
    """
    try:
        return os.stat(path).st_ctime_ns
    except (OSError, ValueError):
        pass
    times: list[int] = []
    for hop in hops(path):
        for place in (hop, nearest_folder(hop)):
            try:
                times.append(os.lstat(place).st_ctime_ns)
            except (OSError, ValueError):
                continue
    return max(times, default=None)
