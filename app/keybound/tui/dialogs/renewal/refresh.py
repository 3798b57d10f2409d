"""Refresh: a new secret for a token."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from keybound.tui.dialogs.base import Text, Typed
from keybound.tui.secrets import SecretInput, secret_at_stake
from keybound.tui.styled_text import line
from keybound.tui.words import plural


class Refresh(Typed[None]):
    """Takes the secret masked, and keeps it until it is stored; an empty answer does nothing."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token, self._page = token, ""

    def compose(self) -> ComposeResult:
        """One input."""
        with self.box(f"Refresh {self._token}", "⏎ store · esc cancel"):
            yield Text(["", "Replaces the old secret, and approves the current readings.", ""])
            page = Text([""], id="page")
            page.add_class("hidden")
            yield page
            yield SecretInput()
            yield Text([""], id="count")
            with Horizontal(classes="buttons"):
                yield Button(Content("Store"), id="yes")
                yield Button(Content("Open the page"), id="open", classes="hidden")
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """The secret first."""
        self.query_one(SecretInput).focus()
        self.run_worker(self._find_page(), group="page")

    async def _find_page(self) -> None:
        """Where a new one is made."""
        self._page = await self.host.ask(self.host.service.rotation.page, self._token) or ""
        if self._page and self.is_attached:
            self.query_one("#page", Text).put([line(("Make a new one at ", "muted"), (self._page, "accent"))])
            self.query(".hidden").remove_class("hidden")

    @on(Button.Pressed, "#open")
    def open_page(self) -> None:
        """In the owner's browser."""
        if not self.host.service.rotation.open_page(self._page):
            self.host.say("no browser can be opened from here: open the address by hand", severity="warning")

    @on(Input.Changed, "#secret")
    def counted(self, event: Input.Changed) -> None:
        """How long it is; never what."""
        self.query_one("#count", Text).put(
            [f"{plural(len(event.value), 'character')}, not shown" if event.value else ""]
        )

    @on(Input.Submitted, "#secret")
    @on(Button.Pressed, "#yes")
    def store(self) -> None:
        """Store it."""
        box = self.query_one(SecretInput)
        if not box.value:
            self.host.say("the secret is empty", severity="warning")
            return
        self.run_worker(self.hand_over(self.host.service.refresh, self._token, box.typed), group="store")

    def at_stake(self) -> str:
        """A secret that was typed."""
        return secret_at_stake(self)

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Nothing is stored."""
        self.action_cancel()
