"""Bind a token to keys, or widen a boundary it has."""

from collections.abc import Iterator, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input

from keybound.custody.view_models.adding import Suggestion
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.tui.dialogs.base import Text, Typed
from keybound.tui.dialogs.binding import widened, with_reaction
from keybound.tui.dialogs.find_bounds import FindBounds
from keybound.tui.styled_text import Line, Piece, line, mark
from keybound.tui.watching import OneAtATime
from keybound.tui.words import plural

CALM = "Changes the definition, and approves the new one."


class Bind(Typed[None]):
    """Find keys in the list, or write a binding as on the command line."""

    def __init__(self, token: str, key: str, row: BoundRow | None) -> None:
        super().__init__()
        self._token, self._key, self._row = token, key, row
        self._given = widened(row) if row else ""  # the rule as it was offered
        self._foresight = OneAtATime(self._foresee)

    def compose(self) -> ComposeResult:
        """What it is bound to now, or the keys; the rule, the consequence."""
        title = f"Widen a boundary of {self._token}" if self._row else f"Bind {self._token}"
        finding = "⏎ bind · space mark · ←→ reaction · tab rule · esc cancel"
        with self.box(title, "⏎ bind · tab next · esc cancel" if self._row else finding):
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
                yield Text(id="find")
                yield FindBounds()
                yield Text(id="about", most=2)
            yield Input(
                self._given,
                id="rule",
                placeholder="KEY RULE=VALUE, for example flags.beta equals=false",
            )
            yield Text(["", CALM], id="then", most=5)
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
            self.query_one(FindBounds).focus()
            self.run_worker(self._suggest(), group="suggest")

    async def _suggest(self) -> None:
        offers = await self.host.ask(self.host.service.suggest, self._token.partition("/")[0])
        if offers is not None and self.is_mounted:
            bounds = self.query_one(FindBounds)
            bounds.show(offers)
            bounds.stand(self._key or bounds.cursor)
            self.picked()

    @on(FindBounds.Moved)
    def picked(self) -> None:
        """The rule follows the list until it is written by hand."""
        bounds, by_hand = self.query_one(FindBounds), self._by_hand
        self.query_one("#find", Text).put([_sought(bounds)])
        self.query_one("#about", Text).put([_about(bounds.here)])
        if not by_hand:
            self._given = _bind_of(bounds.here) if bounds.here else ""
            self.query_one("#rule", Input).value = self._given
            self.run_worker(self._foresight.ask(), group="then")

    async def _foresee(self) -> None:
        """What Enter would do to tokens."""
        binds = self._binds()
        if not binds or self.host.overview.store_status == "locked":
            return
        found = await self.host.ask(self.host.service.bind_harm, self._token, *binds)
        if found is not None and self.is_mounted and binds == self._binds():
            harm = [(mark(State.WARNING), Piece(f" {each}")) for each in found]
            many = f"Binds {plural(len(binds), 'key')}, and approves the new definition." if binds[1:] else CALM
            self.query_one("#then", Text).put(harm or ["", many])

    @property
    def _marked(self) -> Sequence[Suggestion]:
        return [one for bounds in self.query(FindBounds) for one in bounds.chosen]

    def _binds(self) -> tuple[str, ...]:
        """What Enter binds: what is marked, and the rule where nothing is, or where it was written by hand."""
        rule = self.query_one("#rule", Input).value.strip()
        marked = tuple(_bind_of(one) for one in self._marked)
        return (*marked, *filter(None, [rule])) if self._by_hand or not marked else marked

    @property
    def _by_hand(self) -> bool:
        return self.query_one("#rule", Input).value not in ("", self._given)

    def at_stake(self) -> str:
        """A rule that was written by hand, or keys that were marked."""
        if self._by_hand:
            return "The rule you wrote is not bound yet."
        return f"{plural(len(self._marked), 'marked key')} would not be bound." if self._marked else ""

    @on(FindBounds.Chosen)
    @on(Input.Submitted, "#rule")
    @on(Button.Pressed, "#yes")
    def bind(self) -> None:
        """Bind."""
        binds = self._binds()
        if not binds or any(" " not in each for each in binds):
            self.host.say("write the key, a space and a rule: flags.beta equals=false", severity="warning")
            return
        action = self.hand_over_warned(self.host.service.bind_harm, "Bind", self.host.service.bind, self._token, *binds)
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


def _bind_of(offer: Suggestion) -> str:
    return with_reaction(offer.bind, offer.key, offer.outside)


def _sought(bounds: FindBounds) -> Line:
    words = bounds.needle or "type a part of a key or a value"
    marked = f", {len(bounds.chosen)} marked" if bounds.chosen else ""
    count = f"   {len(bounds.listed)} of {plural(len(bounds.offers), 'key')}{marked}"
    return line(("Find  ", "bold"), (words, "bold accent" if bounds.needle else "muted"), (count, "muted"))


def _about(offer: Suggestion | None) -> Line:
    """The whole key, its value, and what set that."""
    return tuple(_pieces(offer)) if offer is not None else line(("", "muted"))


def _pieces(offer: Suggestion) -> Iterator[Piece]:
    yield from line((offer.key, "bold"))
    if offer.value:
        yield from line((" is ", "muted"), (offer.value, "bold"))
    if offer.origin:
        yield from line((f"  from {offer.origin}", "muted"))
