"""How things stand: store, profile, the shell that the application was started from, and what asks for its owner."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from keybound.custody.view_models.status import Attention, Status
from keybound.stores.choice import store_kind
from keybound.tui.dialogs.base import Scrolling, Text
from keybound.tui.styled_text import Line, Piece, hue, line, mark

_LOCK = {"open": "lock it", "locked": "open it", "none": "make one"}  # what the key of the store does
_WATCHED = {"watch": "by the application, or keybound watch", "agent": "by the agent", "": "by nobody"}


class HowThingsStand(Scrolling[str]):
    """What ``keybound status`` says, each with the key that changes it. The answer is an action of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q,K", "cancel", show=False),
        Binding("p", "switch", show=False),
        Binding("L", "lock", show=False),
        Binding("N", "alerts", show=False),
        Binding("y", "copy", show=False),
        Binding("Y", "copy_as", show=False),
    ]

    def __init__(self, found: Status) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        """A line or more for each."""
        with self.box("How things stand", "↑↓ scroll · esc back"):
            yield Text([*self._lines()], most=30)

    def _lines(self) -> Iterator[Line | str]:
        found = self._found
        yield _row(
            "Store", f"{self._store()}", self.key("lock") if found.opened in _LOCK else "", _LOCK.get(found.opened, "")
        )
        profile = f"{found.profile} ({found.how})" if found.profile else found.how
        yield _row("Profile", profile, self.key("profile"), "switch")
        yield from self._shell()
        yield _row("Watched", _WATCHED[found.watcher])
        yield _row("Alerts", f"{found.alerts} unseen", self.key("alerts"), "show")
        yield ""
        yield line(("Asks for you", "bold"), ("" if found.attention else "   nothing", "muted"))
        yield from map(_attention, found.attention)

    def _store(self) -> str:
        kind = store_kind(self._found.store).name if self._found.store else ""
        return ", ".join(filter(None, [kind, self._found.opened if kind else "", self._found.reason]))

    def _shell(self) -> Iterator[Line]:
        """What it holds, and how it gets what is switched to here."""
        found = self._found
        held = [f"{name} ({id_})" if id_ else name for name, id_ in sorted(found.held.items())]
        yield _row("This shell", f"holds {', '.join(held) or 'no tokens'}")
        if found.hook:
            yield _row("", f"{found.hook}, hooked: a switch reaches it at its next prompt")
            return
        yield _row("", "not hooked: it gets no variables by itself")
        if found.to_hook[0]:
            yield _row("", f"either {found.to_hook[0]} in {found.to_hook[1]}", self.key("copy"), "copy this line")
        if found.profile:
            yield _row("", f"or {self._command}", self.key("copy_as"), "copy this command")

    @property
    def _command(self) -> str:
        return f"keybound exec {self._found.profile} -- $SHELL"

    def action_copy(self) -> None:
        """Copy the line that hooks the shell."""
        if not self._found.hook:
            self._to_clipboard(self._found.to_hook[0])

    def action_copy_as(self) -> None:
        """Copy the command that starts a shell with the variables."""
        if not self._found.hook and self._found.profile:
            self._to_clipboard(self._command)

    def _to_clipboard(self, text: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.host.say(f"copied: {text}")

    def action_switch(self) -> None:
        """Another profile."""
        self.dismiss("switch")

    def action_lock(self) -> None:
        """Lock or open the store."""
        self.dismiss("lock")

    def action_alerts(self) -> None:
        """The alerts."""
        self.dismiss("alerts")


def _row(name: str, said: str, key: str = "", does: str = "") -> Line:
    tail = line((f"   {key}", "bold accent"), (f" {does}", "muted")) if key else ()
    return (*line((f"{name:<11} ", "bold"), (said, "")), *tail)


def _attention(one: Attention) -> Line:
    name = line((f" {one.id}  " if one.id else " ", "bold"))
    why = " ".join(one.why.split("\n"))
    if one.state is None:
        return (Piece("  !", "bold state-warning"), *name, *line((why, "muted")))
    return (Piece("  "), mark(one.state), *name, *line((f"{one.state.word}  ", hue(one.state)), (why, "muted")))
