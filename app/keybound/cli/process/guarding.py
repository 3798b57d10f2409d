"""Guard the tokens of a running command: warn about, stop or kill it when one of them is lost."""

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import datetime

from keybound.cli.console.output import warn
from keybound.custody.application.watching import watched_paths
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import SETTLE_WAIT, Judged, seconds_left
from keybound.custody.evaluation.offline import evaluate_offline
from keybound.custody.release.release import Released
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import KeyboundError, StoreAwayError, StoreLockedError
from keybound.domain.guard.expiry_times import expiry_time

MOST_SECONDS = 60.0
AWAY_SECONDS = 10.0  # between looks while the store is locked or away
GRACE_SECONDS = 10.0  # between the polite signal and the other

_DONE = {"warn": "the command keeps running", "stop": "the command is stopped", "kill": "the command is killed"}


class TokenWatcher:
    """Watches what a release depends on, from a thread. ``on_loss``: warn, stop or kill."""

    def __init__(self, context: Context, released: Released, on_loss: str) -> None:
        self._context = context
        self._ids = {id_ for id_, _ in released.variables.values()}
        self._profile = next(iter(released.evaluation.loaded))
        self._on_loss = on_loss
        self._ends = {str(one.id): _ends_at(one) for one in released.evaluation.judged}
        self._paths = watched_paths(context, released.evaluation.snapshot)

    def start(self, pid: int) -> None:
        """Begin; it ends with the process."""
        threading.Thread(target=self._guard, args=(pid,), daemon=True, name="keybound-guard").start()

    def _guard(self, pid: int) -> None:
        from keybound.sources.files.watch import watch

        changed, lost = threading.Event(), set[str]()
        wait = MOST_SECONDS
        stop = watch(self._paths, changed.set)
        while True:
            changed.wait(wait)
            changed.clear()
            now, wait = self._lost()
            for id_, why in sorted(now.items()):
                if id_ not in lost:
                    warn(f"{id_}: {why}; {_DONE[self._on_loss]}")
            lost = set(now)
            if self._on_loss != "warn" and lost:
                stop()
                return self._end(pid)

    def _lost(self) -> tuple[dict[str, str], float]:
        """The tokens that may not be had any more, and why; and the seconds until the next look in any case."""
        try:
            return self._looked()
        except KeyboundError as fault:
            return dict.fromkeys(self._ids, f"it cannot be evaluated: {fault.what}"), 1.0

    def _looked(self) -> tuple[dict[str, str], float]:
        try:
            judged = evaluate_and_record(self._context, [self._profile]).judged
        except (StoreLockedError, StoreAwayError):
            return self._lost_without_store(), AWAY_SECONDS
        verdicts = {str(one.id): one.verdict for one in judged}
        self._ends = {str(one.id): _ends_at(one) for one in judged}
        found = dict.fromkeys(self._ids - verdicts.keys(), "it is gone")
        for id_ in self._ids & verdicts.keys():
            if not verdicts[id_].state.usable:
                found[id_] = f"it is {verdicts[id_].state.word}: {verdicts[id_].why}"
        return found, seconds_left(judged, MOST_SECONDS)

    def _lost_without_store(self) -> dict[str, str]:
        """A store that is locked or away takes no token: what is known without it decides, as in the prompt hook."""
        known = {one.known.id: one for one in evaluate_offline(self._context, [self._profile], SETTLE_WAIT).tokens}
        found = dict.fromkeys(self._ids - known.keys(), "it is gone")
        for id_ in self._ids & known.keys():
            one, end = known[id_], self._ends.get(id_)
            if not one.usable:
                live = one.live if one.live and not one.live.state.usable else None
                found[id_] = f"it is {live.state.word}: {live.why}" if live else "it was lost"
            elif end is not None and end <= self._context.clock():
                found[id_] = "it has expired"
        return found

    def _end(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            if self._on_loss == "stop":
                os.kill(pid, signal.SIGTERM)
                time.sleep(GRACE_SECONDS)
            os.kill(pid, signal.SIGKILL)


def _ends_at(one: Judged) -> datetime | None:
    return expiry_time(one.token, one.held.envelope) if one.token and one.held.envelope else None
