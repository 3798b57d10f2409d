"""When to look again: evaluations never overlap, and a change during one queues exactly one more."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from keybound.custody.view_models.overview import Overview
from keybound.domain.verdict.states import State
from keybound.tui.words import named


class OneAtATime:
    """Runs ``work`` when asked; asked again while it runs, it runs once more afterwards."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._running = False
        self._again = False

    async def ask(self) -> None:
        """Run, or note that another run is due."""
        if self._running:
            self._again = True
            return
        self._running = True
        try:
            await self._work()
            while self._again:
                self._again = False
                await self._work()
        finally:
            self._running = self._again = False


class Change(NamedTuple):
    """Tokens that came into one state for one reason, by one look."""

    state: State
    why: str
    ids: tuple[str, ...]

    @property
    def line(self) -> str:
        """``staging/deploy expired: flags.beta_writes is true, bound to false``."""
        return f"{named(self.ids)} {_word(self)}" + (f": {self.why}" if self.why else "")


def changes(before: Overview, after: Overview, expected: Mapping[str, bool]) -> list[Change]:
    """What changed between two looks, grouped; ``expected``: what an action of ours said of tokens already."""
    was = {token.id: token.state for token in before.tokens}
    found: dict[tuple[State, str], list[str]] = {}
    for token in after.tokens:
        new = token.id in was and was[token.id] is not token.state
        if new and expected.get(token.id) is not token.state.usable:
            found.setdefault((token.state, token.why), []).append(token.id)
    return [Change(state, why, tuple(ids)) for (state, why), ids in found.items()]


def _word(change: Change) -> str:
    several = len(change.ids) > 1
    words = {
        State.ACTIVE: "are active again" if several else "is active again",
        State.WARNING: "have a warning" if several else "has a warning",
        State.MISSING: "have no secret" if several else "has no secret",
    }
    return words.get(change.state, change.state.word)
