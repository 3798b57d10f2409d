"""Watch files for change: their folders by the system's own notices, and a slow poll as a second line."""

import os
import threading
from collections.abc import Callable, Iterable, Mapping

DEBOUNCE_MS = 30
POLL_SECONDS = 2.0
_Look = tuple[int, int, int] | None


def watch(paths: Iterable[str], on_change: Callable[[], None]) -> Callable[[], None]:
    """Call ``on_change`` now, and from a thread whenever one of ``paths`` changes; return what stops it.

    Now, because something may have changed since it was read, and before it was watched. Folders are watched, not inodes:
    editors save by rename.
    """
    stop = threading.Event()
    wanted = tuple(dict.fromkeys(paths))
    before = {path: _look(path) for path in wanted}
    threads = [
        threading.Thread(target=_notices, args=(wanted, on_change, stop), daemon=True, name="keybound-notices"),
        threading.Thread(target=_poll, args=(before, on_change, stop), daemon=True, name="keybound-poll"),
    ]
    for thread in threads:
        thread.start()
    on_change()
    return stop.set


def _folders(paths: Iterable[str]) -> set[str]:
    found = set()
    for path in paths:
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        while not os.path.isdir(folder) and folder != os.path.dirname(folder):
            folder = os.path.dirname(folder)
        found.add(folder)
    return found


def _notices(paths: tuple[str, ...], on_change: Callable[[], None], stop: threading.Event) -> None:
    import watchfiles

    wanted = set(paths)

    def asked_for(_: watchfiles.Change, path: str) -> bool:
        return path in wanted or os.path.dirname(path) in wanted

    try:
        for _ in watchfiles.watch(
            *_folders(paths),
            watch_filter=asked_for,
            debounce=DEBOUNCE_MS,
            step=10,
            stop_event=stop,
            recursive=False,
            ignore_permission_denied=True,
            raise_interrupt=False,
        ):
            on_change()
    except (OSError, RuntimeError):
        return  # a folder went away, or the system has no notices left: the poll goes on


def _poll(before: Mapping[str, _Look], on_change: Callable[[], None], stop: threading.Event) -> None:
    while not stop.wait(POLL_SECONDS):
        now = {path: _look(path) for path in before}
        if now != before:
            before = now
            on_change()


def _look(path: str) -> _Look:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
