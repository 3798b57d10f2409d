"""A home without tokens: three ways on, each one key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.dialogs.start.first_run import Ready
from keybound.tui.styled_text import Line, line


class Welcome(Dialog[str]):
    """Closes with the way that was chosen: ``add`` or ``import``; the demo comes back here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "answer('add')", show=False),
        Binding("i", "answer('import')", show=False),
        Binding("E", "demo", show=False),
        Binding("enter", "cancel", show=False),
        Binding("q", "quit", show=False),
    ]

    def __init__(self, ready: Ready) -> None:
        super().__init__()
        self._ready = ready

    def compose(self) -> ComposeResult:
        """What Keybound does, and a key for each way on."""
        said = [
            line("Keybound keeps your tokens in ", (self._ready.keeps, "bold"), ", and knows what each depends on."),
            line(("When that configuration leaves its bounds, the token is withheld.", "muted")),
            (),
            _way(self.key("add"), "add a token to ", self._ready.profile, "paste it; it is recognised"),
            _way(self.key("import"), "find the plain tokens on this machine", "", "you choose what is taken"),
            _way(self.key("demo"), "look at a demo with sample tokens", "", "leaving it comes back here"),
            _way(self.key("quit"), "quit", "", ""),
        ]
        with self.box("Welcome", "esc look around"):
            yield Text([(), *said, ()])

    def action_quit(self) -> None:
        """Leave Keybound, by the way that asks about unsaved text."""
        self.app.run_worker(self.app.action_quit(), group="quit")

    def action_demo(self) -> None:
        """Show the demo in this terminal; then come back."""
        from keybound.tui.demo import show_demo

        show_demo(self.host)

    def action_answer(self, what: str) -> None:
        """Go on with that."""
        self.dismiss(what)


def _way(key: str, words: str, name: str, note: str) -> Line:
    return line((key, "bold accent"), f"  {words}", (name, "bold"), (f"   {note}" if note else "", "muted"))
