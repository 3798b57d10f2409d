"""The map for very narrow terminals: tokens indented under their keys."""

from collections.abc import Sequence

from keybound.tui.canvas import ListCanvas
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of
from keybound.tui.styled_text import Line, Piece, cut, line, mark


class Listing(ListCanvas):
    """One key after the other, with what is bound to it."""

    def __init__(self) -> None:
        super().__init__(id="listing")
        self.model: MapModel | None = None

    def show(self, model: MapModel) -> None:
        """Show a model."""
        self.model = model
        self.repaint()

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Keys and their tokens."""
        if self.model is None:
            return []
        return [(name, [cut(each, width) for each in _block(self.model.keys[name])]) for name in self.model.graph.keys]


def _block(key: KeyInfo) -> list[Line]:
    value = hue_of(key.state) if key.outside else "muted"
    head = (Piece(" "), mark(key.state), *line((f" {key.key} ", "bold"), (key.value, value)))
    return [
        head,
        *(
            (Piece("   └ ", "edge"), mark(row.state), *line((f" {name.partition('/')[2]} ", ""), (row.rule, "muted")))
            for name, row in key.rows.items()
        ),
    ]
