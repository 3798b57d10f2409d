"""Bind a token to a key, or widen a boundary it has."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from keybound.custody.view_models.tokens import BoundRow
from keybound.tui.dialogs.base import Text, Typed
from keybound.tui.dialogs.binding import widened, with_reaction
from keybound.tui.dialogs.bounds import Bounds
from keybound.tui.styled_text import line


class Bind(Typed[None]):
    """Pick a key from the list, or write the binding as on the command line."""

    def __init__(self, token: str, key: str, row: BoundRow | None) -> None:
        super().__init__()
        self._token, self._key, self._row = token, key, row
        self._given = widened(row) if row else ""  # the rule as it was offered

    def compose(self) -> ComposeResult:
        """What it is bound to now, the keys, the rule, the consequence."""
        title = f"Widen a boundary of {self._token}" if self._row else f"Bind {self._token}"
        with self.box(title, "⏎ bind · tab next · esc cancel"):
            if self._row is not None:
                now = self._row.now.words
                yield Text(
                    [
                        line(
                            (self._row.key, "bold"),
                            (" is ", "muted"),
                            (now, "bold"),
                            (", bound to ", "muted"),
                            (self._row.rule, ""),
                        )
                    ]
                )
            else:
                yield Bounds()
            yield Input(
                self._given,
                id="rule",
                placeholder="KEY RULE=VALUE, for example flags.beta equals=false",
            )
            yield Text(["", "Changes the definition, and approves the new one."], id="then")
            with Horizontal(classes="buttons"):
                yield Button(Content("Bind"), id="yes")
                if self._row is not None:
                    yield Button(Content("Remove the binding"), id="away")
                yield Button(Content("Cancel"), id="no")

    def on_mount(self) -> None:
        """The rule first where it is widened, else the list."""
        if self._row is not None:
            rule = self.query_one("#rule", Input)
            rule.focus()
            rule.cursor_position = len(rule.value)
        else:
            self.query_one(Bounds).boxes = False
            self.query_one(Bounds).focus()
            self.run_worker(self._suggest(), group="suggest")

    async def _suggest(self) -> None:
        offers = await self.host.ask(self.host.service.suggest, self._token.partition("/")[0])
        if offers is not None and self.is_mounted:
            bounds = self.query_one(Bounds)
            bounds.show(offers)
            bounds.stand(self._key or bounds.cursor)
            self.picked()

    @on(Bounds.Moved)
    def picked(self) -> None:
        """The rule follows the list until it is written by hand."""
        if not self._by_hand:
            self._offer()

    @on(Bounds.Chosen)
    def to_rule(self) -> None:
        """Enter on a key takes its rule, and goes on to it."""
        self._offer()
        self.query_one("#rule").focus()

    def _offer(self) -> None:
        offer = self.query_one(Bounds).here
        if offer is not None:
            self._given = with_reaction(offer.bind, offer.key, offer.outside)
            self.query_one("#rule", Input).value = self._given

    @property
    def _by_hand(self) -> bool:
        return self.query_one("#rule", Input).value not in ("", self._given)

    def at_stake(self) -> str:
        """A rule that was written by hand."""
        return "The rule you wrote is not bound yet." if self._by_hand else ""

    @on(Input.Submitted, "#rule")
    @on(Button.Pressed, "#yes")
    def bind(self) -> None:
        """Bind."""
        text = self.query_one("#rule", Input).value.strip()
        if " " not in text:
            self.host.say("write the key, a space and a rule: flags.beta equals=false", severity="warning")
            return
        action = self.hand_over_warned(self.host.service.bind_harm, "Bind", self.host.service.bind, self._token, text)
        self.run_worker(action, group="store")

    @on(Button.Pressed, "#away")
    def unbind(self) -> None:
        """Remove the binding."""
        if self._row is not None:
            self.run_worker(self.hand_over(self.host.service.unbind, self._token, self._row.key), group="store")

    @on(Button.Pressed, "#no")
    def left(self) -> None:
        """Nothing is bound."""
        self.action_cancel()
