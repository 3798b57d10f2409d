"""The list of keys that a token may be bound to: space binds, left and right change the reaction."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from keybound.custody.view_models.adding import Suggestion
from keybound.domain.verdict.states import REACTIONS, state_of
from keybound.tui.canvas import ListCanvas
from keybound.tui.dialogs.binding import turned, with_reaction
from keybound.tui.styled_text import Line, Piece, fit, hue, line


class Bounds(ListCanvas):
    """Suggestions, each bound or not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", show=False),
        Binding("left", "react(-1)", show=False),
        Binding("right", "react(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="bounds")
        self.boxes = True
        self.offers: list[Suggestion] = []
        self.bound: set[str] = set()
        self._proposed: set[str] = set()

    def show(self, offers: Sequence[Suggestion]) -> None:
        """Show suggestions below what is proposed. None is bound: which one a token depends on would be a guess."""
        proposed = [offer for offer in self.offers if offer.key in self._proposed]
        self._put([*proposed, *(offer for offer in offers if offer.key not in self._proposed)])

    def propose(self, offers: Sequence[Suggestion]) -> None:
        """Put what a recognised token depends on first, instead of what was proposed before; the likely ones are bound."""
        keys = {offer.key for offer in offers}
        if keys == self._proposed:
            return
        kept = [offer for offer in self.offers if offer.key not in self._proposed | keys]
        self.bound -= self._proposed - keys
        self.bound |= {offer.key for offer in offers if offer.likely}
        self._proposed = keys
        self._put([*offers, *kept])
        if offers and not self.has_focus:
            self.stand(offers[0].key)

    def _put(self, offers: Sequence[Suggestion]) -> None:
        self.offers = list(offers)
        self.styles.height = max(min(len(self.offers), 6), 1)
        self.repaint()

    def edit(self, key: str, bind: str, rule: str, outside: str) -> None:
        """Bind a key with another boundary; a key that was not offered joins the list."""
        made = Suggestion(key, rule, bind, outside, likely=True)
        known = [offer.key for offer in self.offers]
        if key in known:
            self.offers[known.index(key)] = made
        else:
            self.offers.append(made)
        self.bound.add(key)
        self.repaint()
        self.stand(key)

    @property
    def chosen(self) -> list[Suggestion]:
        """What is bound."""
        return [offer for offer in self.offers if offer.key in self.bound]

    @property
    def here(self) -> Suggestion | None:
        """The suggestion under the cursor."""
        return next((offer for offer in self.offers if offer.key == self.cursor), None)

    def binds(self) -> tuple[str, ...]:
        """What is bound, as ``--bind`` takes it."""
        return tuple(with_reaction(offer.bind, offer.key, offer.outside) for offer in self.chosen)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """One row each."""
        if not self.offers:
            return [("", [line(("  nothing in this profile to bind to yet", "muted"))])]
        return [(offer.key, [self._row(offer, width)]) for offer in self.listed]

    @property
    def listed(self) -> Sequence[Suggestion]:
        """What is in the list."""
        return self.offers

    def _row(self, offer: Suggestion, width: int) -> Line:
        on = offer.key in self.bound or (not self.boxes and offer.key == self.cursor)
        state = hue(state_of(REACTIONS[offer.outside])) if on and offer.outside in REACTIONS else "muted"
        name = min(26, width // 3)
        rule = max(width - name - 8 - 9, 4)
        return (
            Piece(("  [x] " if on else "  [ ] ") if self.boxes else "   ", "bold accent" if on else "muted"),
            *line(
                (fit(offer.key, name) + " ", "bold" if on else "muted"),
                (fit(offer.rule + (f"   {offer.why}" if offer.why else ""), rule) + " ", "" if on else "muted"),
                (fit(offer.outside, 8), state),
            ),
        )

    def action_pick(self) -> None:
        """Bind, or do not."""
        if self.cursor:
            self.bound ^= {self.cursor}
            self.repaint()
            self.post_message(self.Moved())

    def action_react(self, steps: int) -> None:
        """Another reaction."""
        offer = self.here
        if offer is not None:
            at = self.offers.index(offer)
            self.offers[at] = offer._replace(outside=turned(offer.outside, steps))
            self.repaint()
            self.post_message(self.Moved())
