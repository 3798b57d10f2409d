"""When to look again: evaluations never overlap, and a change during one queues exactly one more."""

from collections.abc import Awaitable, Callable, Sequence

from keybound.custody.views import Overview, TokenView
from keybound.domain.states import State


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


def differences(before: Overview, after: Overview) -> Sequence[tuple[TokenView, str]]:
    """Tokens whose state changed between two evaluations, each with a line that says so."""
    was = {token.id: token.state for token in before.tokens}
    return [
        (token, change_line(token)) for token in after.tokens if token.id in was and was[token.id] is not token.state
    ]


def change_line(token: TokenView) -> str:
    """``staging/deploy expired: flags.beta_writes is true, bound to = false``."""
    word = "is active again" if token.state is State.ACTIVE else token.state.word
    word = {State.WARNING: "has a warning", State.MISSING: "has no secret"}.get(token.state, word)
    return f"{token.id} {word}" + (f": {token.why}" if token.why else "")
