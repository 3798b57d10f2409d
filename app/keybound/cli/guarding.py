"""Guard the tokens of a running command: warn about, stop or kill it when one of them is lost."""

import os
import signal
import threading
import time
from contextlib import suppress

from keybound.cli.lines import warn
from keybound.custody.expire import look
from keybound.custody.keeper import Keeper
from keybound.custody.overview import watched_paths
from keybound.custody.release import Released
from keybound.domain.errors import KeyboundError

MOST_SECONDS = 60.0
GRACE_SECONDS = 10.0  # between the polite signal and the other


class Guard:
    """Watches what a release depends on, from a thread. ``on_loss``: warn, stop or kill."""

    def __init__(self, keep: Keeper, released: Released, on_loss: str) -> None:
        self._keep = keep
        self._ids = {id_ for id_, _ in released.variables.values()}
        self._profile = next(iter(released.evaluation.loaded))
        self._on_loss = on_loss
        self._paths = watched_paths(keep, released.evaluation)

    def start(self, pid: int) -> None:
        """Begin; it ends with the process."""
        threading.Thread(target=self._guard, args=(pid,), daemon=True, name="keybound-guard").start()

    def _guard(self, pid: int) -> None:
        from keybound.sources.watch import watch

        changed, lost = threading.Event(), set[str]()
        wait = MOST_SECONDS
        stop = watch(self._paths, changed.set)
        while True:
            changed.wait(wait)
            changed.clear()
            now, wait = self._lost()
            for id_, why in sorted(now.items()):
                if id_ not in lost:
                    self._act(pid, id_, why)
            lost = set(now)
            if self._on_loss != "warn" and lost:
                stop()
                return

    def _lost(self) -> tuple[dict[str, str], float]:
        """The tokens that may not be had any more, and why; and the seconds until the next look in any case."""
        try:
            judged = look(self._keep, [self._profile]).judged
        except KeyboundError as fault:
            return dict.fromkeys(self._ids, f"it cannot be judged: {fault.what}"), 1.0
        verdicts = {str(one.id): one.verdict for one in judged}
        found = dict.fromkeys(self._ids - verdicts.keys(), "it is gone")
        for id_ in self._ids & verdicts.keys():
            if not verdicts[id_].state.usable:
                found[id_] = f"it is {verdicts[id_].state.word}: {verdicts[id_].why}"
        moments = [one.changes_at.timestamp() - time.time() for one in verdicts.values() if one.changes_at]
        waiting = any(one.unsettled_ns is not None for one in verdicts.values())
        return found, 0.3 if waiting else max(0.1, min([MOST_SECONDS, *moments]))

    def _act(self, pid: int, id_: str, why: str) -> None:
        done = {"warn": "the command goes on", "stop": "the command is stopped", "kill": "the command is killed"}
        warn(f"{id_}: {why}; {done[self._on_loss]}")
        if self._on_loss == "warn":
            return
        with suppress(ProcessLookupError):
            if self._on_loss == "stop":
                os.kill(pid, signal.SIGTERM)
                time.sleep(GRACE_SECONDS)
            os.kill(pid, signal.SIGKILL)
