"""What every widget may ask of the application that holds it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from textual.app import App
from textual.widget import Widget

from keybound.custody.views import Desk, Outcome, Overview
from keybound.domain.clean import clean
from keybound.domain.errors import KeyboundError
from keybound.tui.errands import Errands
from keybound.tui.ink import Ink

T = TypeVar("T")
EMPTY = Overview((), (), "", False, "", "", (), (), ())


class Host(App[int]):
    """The application's own services: the desk, the clock, the ink, toasts."""

    def __init__(self, desk: Desk, now: Callable[[], float], *, ascii_only: bool) -> None:
        super().__init__()
        self.desk = desk
        self.now = now
        self.ascii_only = ascii_only
        self.ink = Ink(self, ascii_only=ascii_only)
        self.errands = Errands()
        self.unlocking = Errands()  # of its own: a person takes a minute, and the other calls go on
        self.overview = EMPTY
        self.ready = False

    async def ask(self, call: Callable[..., T], *args: Any) -> T | None:
        """Call the desk off the screen's thread; a refusal or fault becomes a toast and None."""
        try:
            return await self.errands.run(call, *args)
        except KeyboundError as error:
            self.say(str(error), severity="error")
            return None

    async def act(self, call: Callable[..., Outcome], *args: Any) -> bool:
        """Call an action, say its outcome, look again at everything."""
        outcome = await self.ask(call, *args)
        if outcome is not None:
            self.say(outcome.text, severity="information" if outcome.ok else "error")
        self.look_again()
        return outcome is not None and outcome.ok

    def say(self, text: str, *, severity: Any = "information", title: str = "") -> None:
        """Show a toast; the text is never read as markup."""
        shown = "\n".join(clean(part) for part in text.split("\n"))
        self.notify(self.ink.shown(shown), title=title, severity=severity, markup=False, timeout=8)

    def look_again(self) -> None:
        """Ask for a new evaluation."""
        raise NotImplementedError

    def clock(self, at: float) -> str:
        """Time of the day, as 14:02:11."""
        return time.strftime("%H:%M:%S", time.localtime(at))


def host(widget: Widget) -> Host:
    """The application of a widget."""
    return cast(Host, widget.app)
