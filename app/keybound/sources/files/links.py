"""Every path that has a say in what a path leads to: the path itself, the links on the way, and their end."""

import os

_MOST_LINKS = 40


class Ways:
    """Where paths lead. ``links``: every link on the way to one of them, the file's own too, with the text in it.

    Each place is looked at once; :meth:`forget` begins anew.
    """

    __slots__ = ("_plain", "links")

    def __init__(self) -> None:
        self.links: dict[str, str] = {}
        self._plain: set[str] = set()

    def forget(self) -> None:
        """Look at every place again."""
        self.links.clear()
        self._plain.clear()

    def end(self, path: str) -> str:
        """The absolute ``path`` without links; as far as that can be told where they go in a circle."""
        here, left, links = "/", path.split("/")[::-1], _MOST_LINKS
        while left:
            part = left.pop()
            if part == "..":
                here = os.path.dirname(here)
            elif part and part != ".":
                place = f"{here.rstrip('/')}/{part}"
                text = self._text(place)
                if not text or not links:
                    here = place
                    continue
                links -= 1
                here = "/" if text.startswith("/") else here
                left += text.split("/")[::-1]
        return here

    def _text(self, place: str) -> str:
        if place in self._plain:
            return ""
        if place not in self.links:
            try:
                self.links[place] = os.readlink(place)
            except (OSError, ValueError):
                self._plain.add(place)
                return ""
        return self.links[place]


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
