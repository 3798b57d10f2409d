"""The same as the map, as a matrix: keys down, tokens across, a glyph and the rule's sign in each cell."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Later, ListCanvas
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of
from keybound.tui.styled_text import Line, Piece, cells, fit, hue, line, mark
from keybound.tui.words import left


class Columns(NamedTuple):
    """Cells of the keys' names, of their values, and of each token."""

    names: int
    now: int
    token: int

    @property
    def start(self) -> int:
        """Where the first token's cell begins."""
        return self.names + self.now - 1


class Matrix(ListCanvas):
    """Cells of seven columns or more, of four where the terminal is narrow; names stand on two rows in turn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "across(-1)", show=False),
        Binding("right", "across(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="matrix")
        self.model: MapModel | None = None
        self.found: Collection[str] = ()
        self.column = 0
        self.first = 0

    def show(self, model: MapModel, found: Collection[str] = ()) -> None:
        """Show a model, with what was searched for in it."""
        self.model, self.found = model, found
        self.column = min(self.column, max(len(model.sorted.tokens) - 1, 0))
        self.repaint()

    @property
    def token(self) -> str:
        """The token of the cell under the cursor."""
        tokens = self.model.sorted.tokens if self.model else ()
        return tokens[self.column] if tokens else ""

    def stand_on(self, name: str) -> None:
        """Stand on a key's row, or on a token's column."""
        tokens = self.model.sorted.tokens if self.model else ()
        if name in tokens:
            self.column = tokens.index(name)
        self.stand(name if self.model and name in self.model.keys else self.cursor)

    def action_across(self, steps: int) -> None:
        """Another token."""
        tokens = self.model.sorted.tokens if self.model else ()
        self.column = min(max(self.column + steps, 0), max(len(tokens) - 1, 0))
        self.post_message(self.Moved())
        self.repaint()

    def entries(self, width: int) -> Sequence[tuple[str, Sequence[Line]]]:
        """Three rows of heads, then the groups."""
        if self.model is None:
            return []
        at = self._columns(width)
        tokens = self._in_view(width, at)
        made: list[tuple[str, Sequence[Line]]] = [("", self._heads(tokens, at))]
        for head, keys in self.model.sorted.groups:
            made.append(("", [self._between(Piece(f" {head}", "bold group"), tokens, at)]))
            made += [(key, Later(partial(self._row, self.model.keys[key], tokens, at))) for key in keys]
        return made

    def _columns(self, width: int) -> Columns:
        """As wide as what stands in them needs, where there is room."""
        if width <= 90 or self.model is None:
            return Columns(23, 11, 4)
        spare = max(width - 118, 0) // 3
        names, values, _ = self.model.longest
        names, now = min(max(names + 3, 23), 23 + spare), min(max(values + 1, 17), 17 + spare)
        room = (width - names - now) // max(len(self.model.tokens), 1)
        return Columns(names, now, min(max(room, 7), 12))

    def _in_view(self, width: int, at: Columns) -> Sequence[str]:
        """The tokens that fit, scrolled so that the cursor's is among them."""
        assert self.model is not None
        pane = max((width - at.start - 1) // at.token, 1)
        self.first = min(max(self.first, self.column - pane + 1), self.column)
        return self.model.sorted.tokens[self.first : self.first + pane]

    def _heads(self, tokens: Sequence[str], at: Columns) -> list[Line]:
        """Names on two rows in turn; below, how they stand and how long they live."""
        assert self.model is not None
        rows: list[list[Piece]] = [[Piece(" " * (at.start + 1))], [Piece(" " * (at.start + 1 + at.token))]]
        third = list(line((fit(" key", at.names) + fit("now", at.now - 1), "muted")))
        for number, name in enumerate(tokens):
            token = self.model.tokens[name]
            style = f"bold {'accent' if name == self.token else ''}"
            style += " underline" if name in self.found else ""
            shown = line((fit(self.model.title(name), 2 * at.token - 1).rstrip(), style))[0]
            rows[number % 2] += [shown, Piece(" " * (2 * at.token - cells(shown.text)))]
            ground = self._ground(name)
            time = self._time(token, at.token - 2)
            third += [Piece(" ", ground), mark(token.state, ground), Piece(fit(time, at.token - 2), "muted" + ground)]
        return [tuple(rows[0]), tuple(rows[1]), tuple(third), self._between(Piece(""), tokens, at)]

    def _time(self, token: TokenView, width: int) -> str:
        """How long a token lives, where that is a time and has room; else its mark says enough."""
        word = f" {left(token, host(self).now())}"
        return "" if token.state is State.EXPIRED or len(word) > width else word

    def _ground(self, token: str) -> str:
        return " on sel" if token == self.token else ""

    def _between(self, head: Piece, tokens: Sequence[str], at: Columns) -> Line:
        """A row without cells: the cursor's column goes through it."""
        blanks = (Piece(" " * at.token, self._ground(token)) for token in tokens)
        return (head, Piece(" " * (at.start - cells(head.text))), *blanks)

    def _row(self, key: KeyInfo, tokens: Sequence[str], at: Columns) -> Line:
        value = f"bold {hue_of(key.state)}" if key.outside else "muted"
        name = "bold" if key.id == self.cursor else ""
        name += " underline" if key.id in self.found else ""
        label = fit(key.label, at.names - 3).rstrip()
        pieces = list(
            line("  ", (label, name), " " * (at.names - 2 - cells(label)), (fit(key.value, at.now - 1), value))
        )
        for token in tokens:
            pieces += self._cell(key, token, at.token)
        return tuple(pieces)

    def _cell(self, key: KeyInfo, token: str, wide: int) -> Sequence[Piece]:
        row = key.rows.get(token)
        ground = self._ground(token)
        cursor = token == self.token and key.id == self.cursor
        if row is None:
            dot = "[·]" if cursor else " · "
            return (Piece(fit(dot, wide), ("bold accent" if cursor else "edge") + ground),)
        style = f"bold {hue(row.state)}{ground}"
        glyph = row.state.glyph
        sign = Piece(fit(row.sign, wide - 3), ("bold" if row.inside is not True else "muted") + ground)
        return (Piece(f"[{glyph}]" if cursor else f" {glyph} ", style), sign)

    def on_click(self, event: events.Click) -> None:
        """Stand on the clicked cell."""
        columns = self._columns(self.usable)
        at = event.get_content_offset_capture(self).x - columns.start
        if self.model is not None and at >= 0 and self.first + at // columns.token < len(self.model.sorted.tokens):
            self.column = self.first + at // columns.token
        super().on_click(event)
