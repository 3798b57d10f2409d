"""Watch files for change: their folders by the system's own notices, and a slow poll as a second line."""

import os
import select
import threading
import time
from collections.abc import Callable, Iterable, Mapping

from keybound.sources.files.notices import Notices

DEBOUNCE_MS = 30
POLL_SECONDS = 2.0
_Look = tuple[int, int, int] | None


def watch(paths: Iterable[str], on_change: Callable[[], None]) -> Callable[[], None]:
    """Call ``on_change`` now, and from a thread whenever one of ``paths`` changes; return what stops it.

    Now, because something may have changed since it was read, and before it was watched. Folders are watched, not inodes:
    editors save by rename.
    """
    wanted = tuple(dict.fromkeys(paths))
    before = _looks(wanted)
    notices = Notices(wanted)
    stop = _by_kernel(notices, before, on_change) if notices.descriptor >= 0 else _by_library(before, on_change)
    on_change()
    return stop


def _by_kernel(notices: Notices, before: Mapping[str, _Look], on_change: Callable[[], None]) -> Callable[[], None]:
    """One thread, which sleeps until the kernel tells of a change, or it is time to poll."""
    stopped, stop = os.pipe()

    def run() -> None:
        seen, due = before, time.monotonic() + POLL_SECONDS
        try:
            while stopped not in (ready := _ready([notices.descriptor, stopped], due)):
                told = bool(ready) and notices.read()
                if told:
                    time.sleep(DEBOUNCE_MS / 1000)
                    notices.read()
                elif time.monotonic() < due:
                    continue
                now, due = _looks(seen), time.monotonic() + POLL_SECONDS
                if told or now != seen:
                    on_change()
                seen = now
        finally:
            notices.close()
            os.close(stopped)

    threading.Thread(target=run, daemon=True, name="keybound-notices").start()
    return _Once(lambda: os.close(stop))


def _ready(descriptors: list[int], due: float) -> list[int]:
    return select.select(descriptors, [], [], max(due - time.monotonic(), 0))[0]


class _Once:
    """Does something at its first call."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._left = [do]

    def __call__(self) -> None:
        if self._left:
            self._left.pop()()


def _by_library(before: Mapping[str, _Look], on_change: Callable[[], None]) -> Callable[[], None]:
    """Where the kernel's notices are others, or cannot be had."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_notices, args=(tuple(before), on_change, stop), daemon=True, name="keybound-notices"),
        threading.Thread(target=_poll, args=(before, on_change, stop), daemon=True, name="keybound-poll"),
    ]
    for thread in threads:
        thread.start()
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
        now = _looks(before)
        if now != before:
            before = now
            on_change()


def _looks(paths: Iterable[str]) -> dict[str, _Look]:
    return {path: _look(path) for path in paths}


def _look(path: str) -> _Look:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
