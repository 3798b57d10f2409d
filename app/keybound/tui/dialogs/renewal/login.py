"""Login: its owner agrees in a browser, and the token gets its first secret, or a new one."""

import asyncio
import time

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.rotation import LoginView
from keybound.domain.errors import KeyboundError
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import Line, line
from keybound.tui.words import span


class Login(Dialog[None]):
    """Shows the code and the page, and waits beside everything else until the server has an answer."""

    def __init__(self, token: str, server: str) -> None:
        super().__init__()
        self._token, self._server = token, server
        self._begun: LoginView | None = None

    def compose(self) -> ComposeResult:
        """What to do, how it stands."""
        with self.box(f"Log in to {self._token}", "⏎ open the page · esc cancel"):
            yield Text([f"Asking {self._server}…"], id="code")
            yield Text([""], id="said")
            with Horizontal(classes="buttons"):
                yield Button(Content("Open the page"), id="yes", disabled=True)
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """Begin at once."""
        self.query_one("#no").focus()
        self.run_worker(self._log_in(), group="login")

    async def _log_in(self) -> None:
        service, worker = self.host.service.rotation, self.host.rotating
        try:
            self._begun = begun = await worker.run(service.begin_login, self._token)
            self._show(begun)
            until, pause = time.monotonic() + begun.expires_in, begun.interval
            while time.monotonic() < until:
                await asyncio.sleep(pause)
                answer = await worker.run(service.ask_login)
                if answer.done:
                    self._leave(answer.done)
                    return
                pause = answer.pause
            self._say(line(("Nobody entered the code in time. Nothing was stored.", "state-expired")))
        except KeyboundError as fault:
            self._say(line((str(fault), "state-expired")))

    def _show(self, begun: LoginView) -> None:
        lines: list[Line | str] = [
            "",
            line(("Enter this code on the page, in any browser:", "")),
            "",
            line((f"    {begun.code}", "bold accent")),
            "",
            line((begun.page, "accent")),
        ]
        self.query_one("#code", Text).put(lines)
        self._say(line((f"Waiting for you, up to {span(begun.expires_in)}…", "muted")))
        button = self.query_one("#yes", Button)
        button.disabled = False
        button.focus()

    def _leave(self, said: str) -> None:
        self.host.say(said)
        self.host.look_again()
        if self.is_current:
            self.dismiss(None)

    def _say(self, said: Line) -> None:
        if self.is_attached:
            self.query_one("#said", Text).put([said])

    @on(Button.Pressed, "#yes")
    def open_page(self) -> None:
        """In the owner's browser, where there is one; the address stays on the screen."""
        service = self.host.service.rotation
        if self._begun is not None and not service.open_page(self._begun.page_with_code):
            self._say(line(("No browser can be opened from here: open the address by hand.", "state-warning")))

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Nothing is stored."""
        self.dismiss(None)
