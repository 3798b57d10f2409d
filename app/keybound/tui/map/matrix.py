"""The same as the map, as a matrix: keys down, tokens across, a glyph and the rule's sign in each cell."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Later, ListCanvas
from keybound.tui.map.model import KeyInfo, MapModel
from keybound.tui.map.rows import hue_of
from keybound.tui.styled_text import Line, Piece, fit, hue, line, mark
from keybound.tui.words import left

NAMES = 23


class Matrix(ListCanvas):
    """Cells of seven columns, of four where the terminal is narrow; names stand on two rows in turn."""

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
        wide, now = (7, 17) if width > 90 else (4, 11)
        tokens = self._in_view(width, wide, now)
        made: list[tuple[str, Sequence[Line]]] = [("", self._heads(tokens, wide, now))]
        for head, keys in self.model.sorted.groups:
            made.append(("", [line((f" {head}", "bold group"))]))
            made += [(key, Later(partial(self._row, self.model.keys[key], tokens, wide, now))) for key in keys]
        return made

    def _in_view(self, width: int, wide: int, now: int) -> Sequence[str]:
        """The tokens that fit, scrolled so that the cursor's is among them."""
        assert self.model is not None
        pane = max((width - NAMES - now) // wide, 1)
        self.first = min(max(self.first, self.column - pane + 1), self.column)
        return self.model.sorted.tokens[self.first : self.first + pane]

    def _heads(self, tokens: Sequence[str], wide: int, now: int) -> list[Line]:
        assert self.model is not None
        rows: list[list[Piece]] = [[Piece(" " * (NAMES + now))], [Piece(" " * (NAMES + now))]]
        rows[1].append(Piece(" " * wide))
        third = list(line((fit(" key", NAMES) + fit("now", now - 1), "muted")))
        for at, name in enumerate(tokens):
            token = self.model.tokens[name]
            here = name == self.token
            style = "bold accent" if here else "bold"
            rows[at % 2].append(line((fit(token.name, 2 * wide - 1) + " ", style))[0])
            time = "" if wide < 7 or token.state is State.EXPIRED else left(token, host(self).now())
            ground = " on sel" if here else ""
            third += [Piece(" ", ground), mark(token.state, ground), Piece(fit(f" {time}", wide - 2), "muted" + ground)]
        return [tuple(rows[0]), tuple(rows[1]), tuple(third), ()]

    def _row(self, key: KeyInfo, tokens: Sequence[str], wide: int, now: int) -> Line:
        value = f"bold {hue_of(key.state)}" if key.outside else "muted"
        name = "bold" if key.key == self.cursor else ""
        pieces = list(line((fit("  " + key.label, NAMES - 1) + " ", name), (fit(key.value, now - 1), value)))
        for token in tokens:
            pieces += self._cell(key, token, wide)
        return tuple(pieces)

    def _cell(self, key: KeyInfo, token: str, wide: int) -> Sequence[Piece]:
        row = key.rows.get(token)
        here = token == self.token
        ground = " on sel" if here else ""
        cursor = here and key.key == self.cursor
        if row is None:
            dot = "[·]" if cursor else " · "
            return (Piece(fit(dot, wide), ("bold accent" if cursor else "edge") + ground),)
        style = f"bold {hue(row.state)}{ground}"
        glyph = row.state.glyph
        sign = Piece(fit(row.sign, wide - 3), ("bold" if row.inside is not True else "muted") + ground)
        return (Piece(f"[{glyph}]" if cursor else f" {glyph} ", style), sign)

    def on_click(self, event: events.Click) -> None:
        """Stand on the clicked cell."""
        wide, now = (7, 17) if self.usable > 90 else (4, 11)
        at = event.get_content_offset_capture(self).x - NAMES - now + 1
        if self.model is not None and at >= 0 and self.first + at // wide < len(self.model.sorted.tokens):
            self.column = self.first + at // wide
        super().on_click(event)
