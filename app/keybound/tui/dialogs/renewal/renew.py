"""Renew: get a new secret as the definition says, or type one."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.profile.mint import KIND as MINTED
from keybound.tui.dialogs.base import Dialog, Text


class Renew(Dialog[str]):
    """What would happen, and the ways: "renew", "type" or "login"; None where it is left."""

    def __init__(self, token: TokenView) -> None:
        super().__init__()
        self._token = token

    def compose(self) -> ComposeResult:
        """The consequence, and a button for each way."""
        rotation = self._token.rotation
        ends = f"The old one is revoked {rotation.revoke}." if rotation.revocable and not rotation.oauth else ""
        if signs := self._token.kind == MINTED:
            what, ends = "Signs by a new key from now on", "What the old key signed stays good until it ends."
        else:
            what = f"Gets a new secret {rotation.refresh}"
        lines = [f"{what}, and approves the current readings.", *filter(None, [ends])]
        with self.box(f"Refresh {self._token.id}", "tab other · ⏎ choose · esc cancel"):
            yield Text(["", *lines, ""])
            with Horizontal(classes="buttons"):
                yield Button(Content("Refresh"), id="renew")
                if rotation.oauth:
                    yield Button(Content("Log in again"), id="login")
                elif not signs:
                    yield Button(Content("Type one"), id="type")
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """The verb first: it was asked for."""
        self.query_one("#renew").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The answer."""
        chosen = event.button.id
        self.dismiss(chosen if chosen in ("renew", "type", "login") else None)
