"""The three places where a secret passes through the screen: typed in, shown, put on the clipboard."""

import base64
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from keybound.domain.text.sanitize import clean
from keybound.domain.text.secret import Secret, expose_secret
from keybound.tui.app_protocol import AppProtocol, host
from keybound.tui.styled_text import Line, Piece


class SecretInput(Input):
    """A masked input that cannot be copied from."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, *, id: str = "secret", placeholder: str = "paste or type it; it is not shown") -> None:
        super().__init__(password=True, id=id, placeholder=placeholder)

    def action_copy(self) -> None:
        """Nothing: a secret does not leave by this way."""

    def action_cut(self) -> None:
        """Nothing: a secret does not leave by this way."""

    def _on_paste(self, event: events.Paste) -> None:
        """A line is taken as by any input; of several the input would keep the first alone, so none is taken."""
        count = len(event.text.strip("\r\n").splitlines())
        if count > 1:
            event.prevent_default()
            event.stop()
            host(self).say(
                f"{count} lines were pasted, and only one fits here; nothing was taken\n"
                "To store such a secret: keybound refresh PROFILE/NAME < FILE",
                severity="warning",
            )

    @property
    def typed(self) -> Secret:
        """What was typed; it stays in the input until it is stored or given up."""
        return Secret(self.value)


def shown(secret: Secret) -> Line:
    """A secret's text for the screen, its control characters as escapes."""
    return (Piece(clean(expose_secret(secret).decode("utf-8", "backslashreplace")), "bold"),)


def to_terminal_clipboard(app: AppProtocol, secret: Secret) -> None:
    """Hand a secret to the terminal's clipboard (OSC 52) and keep no copy in the application."""
    if app._driver is not None:
        app._driver.write(f"\x1b]52;c;{base64.b64encode(expose_secret(secret)).decode()}\a")


def secret_at_stake(screen: Screen[Any]) -> str:
    """What leaving a dialog would lose of its secret, or ""."""
    typed = any(box.value for box in screen.query(SecretInput))
    return "The secret you entered is not stored yet; you would have to enter it again." if typed else ""
