"""Unlock the store: a passphrase typed here, or the system's own prompter."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from keybound.domain.errors import KeyboundError
from keybound.domain.text.secret import Secret
from keybound.stores.base import UNLOCK_SECONDS
from keybound.stores.choice import store_kind
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.secrets import SecretInput
from keybound.tui.styled_text import Line, line

_LOCKED = "Tokens are shown as last known. Nothing is released while it is locked."
_PROMPTER = (
    f"Your system will ask for the keyring's password in a window of its own, for up to {UNLOCK_SECONDS:g} s. "
    "Keybound keeps running meanwhile."
)


class Unlock(Dialog[None]):
    """``store`` as the overview names it: the file store is opened with a passphrase, any other by the system."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", show=False)]

    def __init__(self, store: str) -> None:
        super().__init__()
        self._kind = store_kind(store)
        self._busy = False

    def compose(self) -> ComposeResult:
        """Why, a hidden field or what the system will do, and how it went."""
        typed = self._kind.typed
        with self.box(f"The {self._kind.name} is locked", "⏎ unlock · esc look around"):
            yield Text(["", _LOCKED, *([] if typed else ["", _PROMPTER]), ""])
            if typed:
                yield SecretInput(id="passphrase", placeholder="passphrase (not shown)")
            yield Text([""], id="said")
            with Horizontal(classes="buttons"):
                yield Button(Content("Unlock" if typed else "Ask the system"), id="yes")
                yield Button(Content("Look around"), id="no")

    def on_mount(self) -> None:
        """What is typed first."""
        self.query_one("#passphrase" if self._kind.typed else "#yes").focus()

    @on(Input.Submitted, "#passphrase")
    @on(Button.Pressed, "#yes")
    def action_open(self) -> None:
        """Try; one try at a time."""
        if self._busy:
            return
        if not self._kind.typed:
            self._try(lambda _: Secret(""), f"Waiting for the system's prompt, up to {UNLOCK_SECONDS:g} s…")
            return
        passphrase = self.query_one(SecretInput).typed
        if not len(passphrase):
            self._say(line(("Enter the passphrase.", "state-warning")))
            return
        self._try(lambda _: passphrase, "Opening…")

    def _try(self, ask: Callable[[str], Secret], said: str) -> None:
        self._busy = True
        self._say(line((said, "muted")))
        self.host.run_worker(self._opened(ask), group="unlock")

    async def _opened(self, ask: Callable[[str], Secret]) -> None:
        """Runs beside the other calls of the service: they are not kept waiting for a person."""
        try:
            outcome = await self.host.unlocking.run(self.host.service.unlock, ask)
        except KeyboundError as error:
            self._busy = False
            if self.is_current:
                self._say(line((error.what, "state-expired")))
                for box in self.query(SecretInput):
                    box.select_all()  # typing replaces it
            else:
                self.host.say(error.what, severity="error")
            return
        for box in self.query(SecretInput):
            box.value = ""
        self.host.say(outcome.text)
        self.host.look_again()
        if self.is_current:
            self.dismiss(None)

    def _say(self, said: Line) -> None:
        self.query_one("#said", Text).put([said])

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Look around; L asks again."""
        self.dismiss(None)
