"""The map as lines of text: its borders, what stands in its rows, and the gutter between."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from keybound.tui.map.layout import Layout
from keybound.tui.map.light import Light
from keybound.tui.map.rows import hue_of, key_line, token_lines
from keybound.tui.map.scene import Scene
from keybound.tui.map.spotlight import BLANK, Spotlight, spotlight
from keybound.tui.map.strokes import Cell, Grid, column_of, paint
from keybound.tui.styled_text import Line, Piece, cut, fit, length, spread
from keybound.tui.words import plural


class Sheet:
    """A scene laid out and lit. ``view``: how many rows are seen. A row, with its lines, is made when it is asked for."""

    def __init__(self, scene: Scene, layout: Layout, view: int) -> None:
        self._scene, self._layout, self._view = scene, layout, view
        self._at = _Rows(layout.routes.key_rows, layout.routes.token_rows)
        self.relight(Light(scene), 0.0)

    def relight(self, light: Light, now: float) -> None:
        """Light something else; ``now`` is the time that the rows tell, in epoch seconds."""
        self._light, self._now = light, now
        self._spot: Spotlight | None = None
        if not self._layout.whole and light.lit:
            self._spot = spotlight(self._layout.routes, self._scene.graph, light.lit, self._layout.gutter)
        self._window = range(0)
        self._grid: Grid = {}
        self._drawn: dict[str, list[Line]] = {}

    def top(self, title: str) -> Line:
        """The upper border, with what the map is of."""
        layout, scene, model = self._layout, self._scene, self._scene.model
        title = title if len(title) <= layout.left - 8 else title[: layout.left - 9] + "…"
        keys, out = len(scene.keys_here), sum(model.keys[name].outside for name in scene.keys_here)
        pane = layout.left - len(f"╭─ {title} ─╮")
        words = (f" {plural(keys, 'key')}, {out} outside ", f" {out} of {keys} outside ", f" {out} outside ", "")
        said = next(each for each in words if len(each) <= max(pane, 0))
        said = " not known " if model.unread else said if keys else ""
        right = f" {plural(len(scene.tokens_here), 'token')} " if layout.right > 20 else ""
        return (
            *_edge("╭", title, said, "╮", layout.left),
            Piece(" " * layout.gutter),
            *_edge("╭", "Tokens", right, "╮", layout.right),
        )

    def bottom(self, below: int) -> Line:
        """The lower border; ``below`` is the first row under the view."""
        layout = self._layout
        hidden = self._at.keys_from(below)
        more = f" ↓ {hidden} more " if hidden else ""
        rest = "─" * (layout.left - 3 - len(more)) + "╯"
        left = (Piece("╰─", "edge-dim"), Piece(more, "muted"), Piece(rest, "edge-dim"))
        return (*left, *self._arrows(below), Piece("╰" + "─" * (layout.right - 2) + "╯", "edge-dim"))

    def row(self, row: int) -> Line:
        """Keys, lines and tokens of one row."""
        layout, lit = self._layout, self._light.lit
        cells = self._cells(row)
        ground = " on sel" if lit and layout.routes.token_rows.get(lit) == row else ""
        right = spread(cut(self._token_line(row), layout.right - 2), (), layout.right - 2)
        return (
            Piece("│", "edge-dim"),
            *self._left(row),
            self._port(cells[0], "├┝│"),
            *(Piece(cell.glyph, self._colour(cell)) for cell in cells),
            self._port(cells[-1], "┤┥│") if row in self._at.tokens else Piece("│", "edge-dim"),
            *_grounded(right, ground),
            Piece("│", "edge-dim"),
        )

    def _cells(self, row: int) -> Sequence[Cell]:
        layout = self._layout
        if self._spot is not None:
            return self._spot.cells(row)
        if layout.whole and row not in self._window:
            self._window = range(row - self._view, row + self._view)
            self._grid = paint(layout.routes, self._scene.graph.edges, layout.gutter, self._light.on_edge, self._window)
        return [self._grid.get((row, at), BLANK) for at in range(layout.gutter)]

    def _token_line(self, row: int) -> Line:
        """The token's line that stands in a row, or nothing."""
        name, top = self._at.token_at(row)
        if not name:
            return ()
        if name not in self._drawn:
            self._drawn[name] = token_lines(self._scene, name, self._layout, self._light, self._now)
        lines = self._drawn[name]
        return lines[row - top] if row - top < len(lines) else ()

    def _left(self, row: int) -> Line:
        width = self._layout.left - 2
        if row in self._layout.heads:
            return (Piece(fit(f" {self._layout.heads[row]}", width), "bold group"),)
        key = self._at.keys.get(row)
        if key is None:
            return (Piece(" " * width),)
        return _grounded(
            key_line(self._scene, key, self._layout, self._light), " on sel" if key == self._light.lit else ""
        )

    def _arrows(self, below: int) -> Line:
        """An arrow under each trunk that goes on below the view."""
        layout = self._layout
        if self._spot is not None:
            column = self._spot.leaves_below(below)
            return tuple(Piece("↓", "accent") if at == column else Piece(" ") for at in range(layout.gutter))
        marks = {
            column_of(trunk.slot, layout.routes.slots, layout.gutter): trunk.token
            for trunk in layout.routes.trunks.values()
            if trunk.top < below <= trunk.bottom
        }
        lit = {token for _, token in self._light.edges}
        styles = {at: "accent" if name in lit else "edge" for at, name in marks.items()}
        return tuple(Piece("↓", styles[at]) if at in styles else Piece(" ") for at in range(layout.gutter))

    def _port(self, cell: Cell, forms: str) -> Piece:
        """The border's cell where a line meets it."""
        if cell.glyph not in _MEETS:
            return Piece(forms[2], "edge-dim")
        return Piece(forms[1] if cell.lit else forms[0], self._colour(cell))

    def _colour(self, cell: Cell) -> str:
        if self._light.any and not cell.lit:
            return "edge-dim"
        if cell.state is not None:
            return hue_of(cell.state)
        return "accent" if cell.lit else "edge"


class _Rows:
    """What stands in which row."""

    def __init__(self, key_rows: Mapping[str, int], token_rows: Mapping[str, int]) -> None:
        self.keys = {row: name for name, row in key_rows.items()}
        self.tokens = {row: name for name, row in token_rows.items()}
        self._key_rows, self._token_rows = sorted(self.keys), sorted(self.tokens)

    def keys_from(self, row: int) -> int:
        """How many keys stand in this row or below."""
        return len(self._key_rows) - bisect_left(self._key_rows, row)

    def token_at(self, row: int) -> tuple[str, int]:
        """The token that begins in this row or last above it, and its first row; "" where there is none."""
        at = bisect_right(self._token_rows, row)
        top = self._token_rows[at - 1] if at else 0
        return (self.tokens[top], top) if at else ("", 0)


_MEETS = frozenset("─╌━╍┬┴┼├┤╮╯╭╰") | frozenset(chr(point) for point in range(0x250C, 0x254C))


def _grounded(pieces: Sequence[Piece], ground: str) -> Line:
    if not ground:
        return tuple(pieces)
    body = tuple(piece._replace(style=piece.style + ground) for piece in pieces)
    first = body[0]
    return (Piece("▌", f"accent{ground}"), first._replace(text=first.text[1:]), *body[1:])


def _edge(start: str, title: str, said: str, end: str, width: int) -> Line:
    head = (Piece(f"{start}─", "edge-dim"), Piece(f" {title} ", "bold"))
    tail = (Piece(said, "muted"), Piece(f"─{end}", "edge-dim"))
    rule = width - length(head) - length(tail)
    return (*head, Piece("─" * max(rule, 0), "edge-dim"), *tail)
