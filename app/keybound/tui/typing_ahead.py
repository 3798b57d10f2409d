"""One key after the other: what is typed while a key is still at work waits, and then goes where that key has led."""

from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from keybound.tui.app_protocol import AppProtocol

LONGEST = 1.0  # seconds that a key is waited for
LOOK = 0.02  # seconds between two looks whether its widget is still there


ROUNDS = 2


class Handled(Message, bubble=True):
    """It follows a key on its way through the widgets.

    Once it arrives, the key has; the second time, what the key set off has, too.
    """


class TypingAhead:
    """``press`` sends a key on its way."""

    def __init__(self, app: AppProtocol, press: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app, self._press = app, press
        self._waiting: deque[events.Key] = deque()
        self._at_work: Timer | None = None
        self._ending = False
        self._to: Widget | None = None
        self._rounds = 0

    async def key(self, event: events.Key) -> None:
        """A key was typed."""
        if self._at_work is not None:
            self._waiting.append(event)
            return
        to: Widget = self._app.focused or self._app.screen
        begun = monotonic()

        def look() -> None:
            if not to.is_attached or monotonic() - begun > LONGEST:
                self.handled()

        self._at_work = self._app.set_interval(LOOK, look)
        await self._press(event)
        self._to, self._rounds = to, ROUNDS
        to.post_message(Handled())

    @property
    def at_work(self) -> bool:
        """Whether a key has not done yet what it does."""
        return self._at_work is not None

    def arrived(self) -> None:
        """One that follows is there."""
        self._rounds -= 1
        if self._rounds > 0 and self._to is not None and self._to.is_attached:
            self._to.post_message(Handled())
        else:
            self.handled()

    def handled(self) -> None:
        """The key has done what it does; what it asked for, such as another focus, is done before the next."""
        if self._at_work is not None and not self._ending:
            self._ending = True
            self._at_work.stop()
            self._app.call_later(self._next)

    async def _next(self) -> None:
        self._at_work, self._ending = None, False
        if self._waiting:
            await self.key(self._waiting.popleft())
