"""What every widget may ask of the application that holds it."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from textual.app import App
from textual.widget import Widget

from keybound.custody.view_models.outcomes import Done, Outcome
from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.service import AppService
from keybound.domain.errors import KeyboundError, StoreLockedError
from keybound.domain.text.sanitize import clean
from keybound.tui.keyboard import Keyboard
from keybound.tui.service_worker import ServiceWorker
from keybound.tui.styled_text import StyledText
from keybound.tui.theme_choice import ThemeChoice
from keybound.tui.words import named, plural

T = TypeVar("T")
TALLEST = 3  # lines of a toast
KEPT = 200  # messages
EMPTY = Overview((), (), "", False, "", "", (), (), ())


class Said(NamedTuple):
    """One message as it was shown, or with every line where the toast was shorter. ``at``: epoch seconds."""

    at: float
    severity: str
    lines: Sequence[str]


class AppProtocol(App[int]):
    """The application's own services: the service, the clock, styled text, toasts."""

    themes: ThemeChoice

    def __init__(
        self, service: AppService, now: Callable[[], float], *, ascii_only: bool, keys: Mapping[str, object]
    ) -> None:
        super().__init__()
        self.keyboard = Keyboard(keys)
        self.service = service
        self.left = service.recalled()  # at the last start
        self.now = now
        self.ascii_only = ascii_only
        self.styled = StyledText(self)
        self.service_worker = ServiceWorker()
        self.unlocking = ServiceWorker()  # of its own: a person takes a minute, and the other calls go on
        self.searching = ServiceWorker()  # likewise: it reads many files
        self.rotating = ServiceWorker()  # likewise: it waits for servers and programs
        self.examining = ServiceWorker()  # likewise: it waits for whatever hangs
        self.waiting: list[str] = []  # tokens that a server or a program has to answer for
        self.overview = EMPTY
        self.ready = False
        self.to_show = ""  # a token that has just been added: the cursor goes there once it is known
        self.said: deque[Said] = deque(maxlen=KEPT)
        self.expected: dict[str, bool] = {}  # tokens that an action of ours moves, and whether it leaves them usable

    async def ask(self, call: Callable[..., T], *args: Any) -> T | None:
        """Call the service off the screen's thread; a refusal or fault becomes a toast and None."""
        try:
            return await self.service_worker.run(call, *args)
        except KeyboundError as error:
            self.say(str(error), severity="error")
            return None

    async def act(self, call: Callable[..., Outcome], *args: Any) -> bool:
        """Call an action, say its outcome, look again at everything; where the store is locked, ask for it to be opened."""
        outcome = None
        try:
            outcome = await self.service_worker.run(call, *args)
        except StoreLockedError as error:
            self.say(str(error), severity="error")
            self.open_store()
        except KeyboundError as error:
            self.say(str(error), severity="error")
        if outcome is not None:
            self.say(outcome.text, severity="information" if outcome.ok else "error")
        self.look_again()
        return outcome is not None and outcome.ok

    async def act_each(self, call: Callable[..., Sequence[Done]], done: str, chosen: Sequence[Any]) -> bool:
        """Call an action on several; what became of them is one toast. ``done``: what they are then, "approved"."""
        if not chosen:
            return False
        names = [each if isinstance(each, str) else each[0] for each in chosen]
        self.expected |= dict.fromkeys(names, done == "approved")
        found = await self.ask(call, chosen)
        if found is not None:
            lines = outcome_lines(done, found)
            self.say("\n".join(lines[:TALLEST]), severity="error" if lines[1:] else "information", lines=lines)
        self.look_again()
        return found is not None

    def say(self, text: str, *, severity: Any = "information", lines: Sequence[str] = ()) -> None:
        """Show a toast; the text is never read as markup. ``lines``: all that the history of messages keeps of it."""
        shown = [clean(part) for part in text.split("\n")]
        self.said.append(Said(self.now(), severity, tuple(map(clean, lines)) or tuple(shown)))
        if len(lines) > len(shown):
            shown.append(f"{plural(len(lines) - len(shown), 'line')} more: {self.keyboard.key('messages')}")
        self.notify("\n".join(shown), severity=severity, markup=False, timeout=8)

    async def rotate(self, call: Callable[[str], str], token: str) -> None:
        """Call something that waits for a server or a program, beside the other calls; say its outcome."""
        self.waiting.append(token)
        self.show_waiting()
        try:
            said = await self.rotating.run(call, token)
            self.say(said, severity="warning" if "not revoked yet" in said else "information")
        except KeyboundError as error:
            self.say(str(error), severity="error")
        finally:
            self.waiting.remove(token)
            self.show_waiting()
        self.look_again()

    def show_waiting(self) -> None:
        """What is waited for has changed: show it."""
        raise NotImplementedError

    def open_store(self) -> None:
        """Ask for the store to be opened, over whatever is shown."""
        raise NotImplementedError

    def use_theme(self, name: str) -> None:
        """Change the theme."""
        raise NotImplementedError

    def next_theme(self) -> str:
        """Wear the next theme; its name."""
        raise NotImplementedError

    def keep_view(self) -> None:
        """What is shown and how, for the next start."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Ask for a new evaluation."""
        raise NotImplementedError

    def clock(self, at: float) -> str:
        """Time of the day, as 14:02:11."""
        return time.strftime("%H:%M:%S", time.localtime(at))


def host(widget: Widget) -> AppProtocol:
    """The application of a widget."""
    return cast(AppProtocol, widget.app)


def outcome_lines(done: str, found: Sequence[Done]) -> list[str]:
    """``3 tokens are approved``, then each reason why one is not, with the tokens that it holds for."""
    good = [each.id for each in found if not each.fault]
    faults: dict[str, list[str]] = {}
    for each in found:
        if each.fault:
            faults.setdefault(each.fault, []).append(each.id)
    verb = "is" if len(good) == 1 else "are"
    lines = [f"{named(good)} {verb} {done}"] if good else [f"nothing was {done}"]
    return [*lines, *(f"{named(ids)}: {fault}" for fault, ids in faults.items())]
