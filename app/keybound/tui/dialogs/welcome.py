"""The first run: what to do next."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models.overview import Overview
from keybound.stores.choice import store_kind
from keybound.tui.dialogs.base import Dialog, Text
from keybound.tui.styled_text import line


class Welcome(Dialog[str]):
    """There are no tokens yet: the next step is one key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "answer('add')", show=False),
        Binding("i", "answer('import')", show=False),
        Binding("enter", "cancel", show=False),
        Binding("q", "quit", show=False),
    ]

    def __init__(self, overview: Overview) -> None:
        super().__init__()
        self._overview = overview

    def compose(self) -> ComposeResult:
        """Three sentences and a key."""
        have = bool(self._overview.profiles)
        store = store_kind(self._overview.store or "keyring").name
        said = [
            line("Keybound keeps your tokens in the ", (store, "bold"), ", and knows what each one depends on."),
            line(("When that configuration leaves its bounds, the token is withheld.", "muted")),
            (),
        ]
        to = self._overview.active or (self._overview.profiles[0].name if have else "default")
        said += [
            line(("a", "bold accent"), "  add your first token to ", (to, "bold")),
            line(
                ("i", "bold accent"),
                "  look for plain tokens on this machine",
                ("   you choose what is taken", "muted"),
            ),
            line(("q", "bold accent"), "  quit", ("   keybound demo shows it with sample tokens", "muted")),
        ]
        if not have:
            said += [(), line(("There is no profile yet: a and i make the first one, default.", "muted"))]
        with self.box("Welcome", "esc look around"):
            yield Text([(), *said, ()])

    def action_quit(self) -> None:
        """Leave Keybound, by the way that asks about unsaved text."""
        self.app.run_worker(self.app.action_quit(), group="quit")

    def action_answer(self, what: str) -> None:
        """Go on with that."""
        self.dismiss(what)
