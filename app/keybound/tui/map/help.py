"""What the Map says about itself: its keys in each of its forms, and what its lines mean."""

from collections.abc import Sequence

from textual.widget import Widget

from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.map.listing import Listing
from keybound.tui.map.matrix import Matrix
from keybound.tui.map.overview import MapOverview
from keybound.tui.map.scene import BundleInfo

EXPLAINED = (
    "Keys are on the left, tokens on the right. A line means that the token depends on the key; a dashed line, that "
    "the reading is outside its boundary. Where lines overlap, the worst state shows. A large map bundles what is equal; "
    "Enter opens a bundle."
)
_FIND = Hint("/", "find", 4, "slash")


def hints_for(form: type[Widget], bundle: BundleInfo | None, centre: Sequence[str], lit: str) -> Sequence[Hint]:
    """The keys of a form. ``centre``: what the focus is on, if it is on anything."""
    if form is Matrix:
        walk = [Hint("↑↓←→", "cell", 1, "down"), Hint("⏎", "open", 2, "enter"), Hint("space", "bind here", 2)]
        rest = [Hint("m", "map", 2), _FIND, Hint("e", "edit key", 5)]
        more = [Hint("f", "focus", 3), Hint("A", "approve", 6), Hint("r", "refresh", 6), Hint("p", "profile", 6)]
        return [*walk, *rest, *more, HELP, PALETTE]
    if form is MapOverview:
        walk = [Hint("↑↓", "move", 1, "down"), Hint("⏎", "focus", 1, "enter"), Hint("O", "map", 1)]
        return [*walk, Hint("m", "matrix", 2), _FIND, HELP, PALETTE]
    if form is Listing:
        walk = [Hint("↑↓", "move", 1, "down"), Hint("⏎", "open", 2, "enter")]
        return [*walk, _FIND, Hint("b", "bind", 4), Hint("e", "edit key", 5), HELP, PALETTE]
    enter = "close" if bundle is not None and bundle.opened else "open"
    enter = "focus" if centre and bundle is None and [lit] != list(centre) else enter
    walk = [Hint("↑↓", "move", 1, "down"), Hint("←→", "side", 1, "right"), Hint("⏎", enter, 2, "enter")]
    walk += [Hint("esc", "back", 2, "escape")] if centre else []
    focus = "whole map" if centre and [lit] == list(centre) else "focus"
    rest = [Hint("f", focus, 2), Hint("space", "path", 3), Hint("O", "overview", 4), _FIND]
    more = [Hint("m", "matrix", 3), Hint("b", "bind", 4), Hint("e", "edit key", 5)]
    other = [Hint("a", "add", 6), Hint("A", "approve", 6), Hint("r", "refresh", 6)]
    return [*walk, *rest, *more, *other, HELP, PALETTE]
