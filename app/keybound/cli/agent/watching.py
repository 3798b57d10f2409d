"""The agent watches: it waits for files and moments, and has a child look. What it keeps is paths and a time."""

import json
import os
import time
from collections.abc import Collection
from contextlib import suppress

from keybound.cli.agent import evaluator, forking, places
from keybound.custody.context.locking import locked_path
from keybound.sources.files.notices import Notices
from keybound.stores import watchers

_SETTLE = 0.15  # seconds from a change to the look: a save is several events
_UNTOLD = 60.0  # between looks, at most, where the kernel does not tell of every path
_RETRY = 60.0  # after a look that failed, or while a person's own watcher acts
_NEVER = -1
_PIECE = 1 << 16


class Watching:
    """The watch over one home, as a part of the agent's loop. ``state``: its state folder; ``stamps``: of code and home."""

    def __init__(self, state: str, stamps: tuple[str, ...]) -> None:
        self._state = state
        self._stamps = stamps
        self._lock: int | None = None  # held from the first look on: of several agents of a home one watches
        self._locked = Notices([locked_path(state)])
        self._notices = Notices(())
        self._paths: list[str] = []
        self._answer = _NEVER  # where the child that looks writes; there is one at most
        self._heard = b""
        self._due = self._began = _now()
        self._changed = False

    def descriptors(self) -> list[int]:
        """What to wait for."""
        return [one for one in (self._locked.descriptor, self._notices.descriptor, self._answer) if one >= 0]

    def seconds(self) -> float:
        """How long nothing needs to be done, if nothing is heard."""
        return _UNTOLD if self._answer >= 0 else max(self._due - _now(), 0.0)

    def tend(self, ready: Collection[int]) -> bool:
        """Take what is heard, and begin a look that is due. True: the store was locked, and all this is over."""
        if self._locked.descriptor in ready and self._locked.read():
            return True
        if self._notices.descriptor in ready and self._notices.read():
            self._changed = True
            self._look_within(_SETTLE)
        if self._answer in ready:
            self._take()
        if self._answer < 0 and _now() >= self._due:
            self._begin()
        return False

    def _look_within(self, seconds: float) -> None:
        self._due = min(self._due, _now() + seconds)

    def _begin(self) -> None:
        if not self._acts() or watchers.is_watched(
            self._state
        ):  # a person's watcher acts, and says so; its end is heard
            self._due = _now() + _RETRY
            return
        self._answer, theirs = os.pipe()
        self._heard, self._began, self._changed = b"", _now(), False
        forking.child(lambda: self._look(theirs))
        os.close(theirs)

    def _acts(self) -> bool:
        if self._lock is None:
            with suppress(OSError):
                self._lock = places.own_lock(watchers.lock_path(self._state, watchers.AGENT))
        return self._lock is not None

    def _look(self, answer: int) -> int:
        if places.own_stamps(self._state) != self._stamps:
            return forking.STALE
        return evaluator.evaluate_once(forking.hold_only(answer))

    def _take(self) -> None:
        piece = os.read(self._answer, _PIECE)
        self._heard += piece
        if piece:
            return
        os.close(self._answer)
        self._answer = _NEVER
        took = _now() - self._began
        self._due = _now() + _RETRY
        with suppress(ValueError, KeyError, TypeError):
            found = json.loads(self._heard.decode(errors="surrogateescape"))
            self._follow([str(path) for path in found["paths"]])
            self._due = _now() + min(
                float(found["seconds"]), evaluator.MOST_SECONDS if self._notices.whole else _UNTOLD
            )
        if self._changed:
            self._look_within(max(took, _SETTLE))  # half of the time at most, whatever changes how often

    def _follow(self, paths: list[str]) -> None:
        if paths == self._paths:
            return
        self._notices.close()
        self._notices, self._paths = Notices(paths), paths
        self._changed = True  # it may have, since it was read and before it was followed


def _now() -> float:
    """Seconds on a clock that goes on while the machine sleeps, and that nobody sets."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
