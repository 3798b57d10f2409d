"""The map for very narrow terminals: tokens indented under their keys."""

from collections.abc import Collection, Sequence
from itertools import islice
from typing import overload

from keybound.tui.canvas import ListCanvas
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of
from keybound.tui.styled_text import Line, Piece, cut, line, mark


class Listing(ListCanvas):
    """One key after the other, with what is bound to it."""

    def __init__(self) -> None:
        super().__init__(id="listing")
        self.model: MapModel | None = None
        self.found: Collection[str] = ()

    def show(self, model: MapModel, found: Collection[str] = ()) -> None:
        """Show a model, with what was searched for in it."""
        self.model, self.found = model, found
        self.repaint()

    def stand_on(self, name: str) -> None:
        """Stand on a key, or on the first key of a token."""
        keys = self.model.keys_of(name) if self.model else []
        self.stand(keys[0].id if keys else name)

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Keys and their tokens."""
        if self.model is None:
            return []
        keys = (self.model.keys[name] for name in self.model.sorted.keys)
        return [(key.id, _Block(self.model, key, self.found, width)) for key in keys]


class _Block(Sequence[Line]):
    """A key and its tokens, each line made when it is seen."""

    def __init__(self, model: MapModel, key: KeyInfo, found: Collection[str], width: int) -> None:
        self._model, self._key, self._found, self._width = model, key, found, width

    def __len__(self) -> int:
        return 1 + len(self._key.rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return [self[row] for row in range(len(self))[at]]
        return cut(self._head() if at == 0 else self._token(at - 1), self._width)

    def _head(self) -> Line:
        key = self._key
        value = hue_of(key.state) if key.outside else "muted"
        name = "bold accent underline" if key.id in self._found else "bold"
        return (Piece(" "), mark(key.state), *line(" ", (key.shown, name), " ", (key.value, value)))

    def _token(self, at: int) -> Line:
        name, row = next(islice(self._key.rows.items(), at, None))
        style = "bold accent underline" if name in self._found else ""
        said = line(" ", (self._model.title(name), style), " ", (row.rule, "muted"))
        return (Piece("   └ ", "edge"), mark(row.state), *said)
