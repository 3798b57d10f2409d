"""The map painted: keys, lines, tokens. Its borders are painted too, so that lines meet them."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from keybound.tui.app_protocol import host
from keybound.tui.map.graph import Edge
from keybound.tui.map.layout import Layout, lay_out
from keybound.tui.map.model import MapModel
from keybound.tui.map.rows import hue_of, key_line, token_lines
from keybound.tui.map.spotlight import BLANK, Spotlight, spotlight
from keybound.tui.map.strokes import Cell, Grid, column_of, paint
from keybound.tui.styled_text import Line, Piece, cut, fit, length, spread
from keybound.tui.words import plural


class MapCanvas(ScrollView, can_focus=True):
    """Nothing is lit at first; arrows light a key or a token, esc clears. Focus moves nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        Binding("left", "side(0)", show=False),
        Binding("right", "side(1)", show=False),
        Binding("home", "walk(-9999)", show=False),
        Binding("end", "walk(9999)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """Another key or token is lit, or none."""

    class Chosen(Message):
        """Enter on the lit thing."""

    def __init__(self) -> None:
        super().__init__(id="canvas")
        self.model: MapModel | None = None
        self.lit = ""
        self._layout: Layout | None = None
        self._grid: Grid = {}
        self._spot: Spotlight | None = None
        self._at: _Rows = _Rows({}, {})
        self._drawn: dict[str, list[Line]] = {}

    @property
    def whole(self) -> bool:
        """Whether every line is drawn, or only those of what is lit."""
        return self._layout is None or self._layout.whole

    def show(self, model: MapModel) -> None:
        """Show a model; what is lit stays lit if it is still there."""
        self.model = model
        if self.lit not in (*model.keys, *model.tokens):
            self.lit = ""
        self._arrange()

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._arrange()

    def watch_show_vertical_scrollbar(self) -> None:
        """The scroll bar came or went: another width."""
        self.call_after_refresh(self._arrange)

    def _arrange(self) -> None:
        width = self.scrollable_content_region.width - (not self.show_vertical_scrollbar)
        view = self.container_size.height - 2
        if self.model is None or width < 60 or view < 3:
            return
        was_whole = self.whole
        tight = lay_out(self.model, width + 1, view)
        self._layout = tight if tight.height <= view else lay_out(self.model, width, view)
        self._at = _Rows(self._layout.routes.key_rows, self._layout.routes.token_rows)
        self.virtual_size = Size(width, self._layout.height + 2)
        self.repaint()
        if self.whole != was_whole:  # what is said beside the map depends on it
            self.post_message(self.Moved())

    def repaint(self) -> None:
        """Paint the lines for what is lit now; what is written in a row is made when that row is seen."""
        layout, model = self._layout, self.model
        if layout is None or model is None:
            return
        self._grid, self._spot = {}, None
        if layout.whole:
            self._grid = paint(layout.routes, model.graph.edges, layout.gutter, self._is_lit)
        elif self.lit:
            self._spot = spotlight(layout.routes, model.graph, self.lit, layout.gutter)
        self._drawn = {}
        self.refresh()

    def _cells(self, layout: Layout, row: int) -> list[Cell]:
        if self._spot is not None:
            return self._spot.cells(row)
        return [self._grid.get((row, at), BLANK) for at in range(layout.gutter)]

    def _token_line(self, layout: Layout, model: MapModel, row: int) -> Line:
        """The token's line that stands in a row, or nothing."""
        name, top = self._at.token_at(row)
        if not name:
            return ()
        if name not in self._drawn:
            now, narrow = host(self).now(), layout.right < 45
            self._drawn[name] = token_lines(
                model, model.tokens[name], layout.right - 2, lit=self.lit, now=now, full=layout.full, narrow=narrow
            )
        lines = self._drawn[name]
        return lines[row - top] if row - top < len(lines) else ()

    def _is_lit(self, edge: Edge) -> bool:
        return self.lit in (edge.key, edge.token)

    def action_side(self, side: int) -> None:
        """Go to the other side, to what the lit thing is bound to where it is lit."""
        if self.model is None or self._layout is None:
            return
        order = self.model.graph.tokens if side else self.model.graph.keys
        if self.lit in order or not order:
            return
        joined = self.model.graph.tokens_of(self.lit) if side else self.model.graph.keys_of(self.lit)
        self.light(next((name for name in order if name in joined), order[0]))

    def action_walk(self, steps: int) -> None:
        """Light the next key or token on this side."""
        if self.model is None:
            return
        order = self.model.graph.tokens if self.lit in self.model.tokens else self.model.graph.keys
        if order:
            at = order.index(self.lit) + steps if self.lit in order else 0
            self.light(order[min(max(at, 0), len(order) - 1)])

    def light(self, name: str) -> None:
        """Light a key or a token ("" for none) and bring it into view."""
        self.lit = name
        self.repaint()
        layout = self._layout
        if layout is not None and name:
            row = layout.routes.key_rows.get(name, layout.routes.token_rows.get(name, 0))
            top, view = self.scroll_offset.y, self.container_size.height - 2
            if not top <= row < top + view - 1:
                self.scroll_to(y=max(0, row - view // 2), animate=False)
        self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Open what is lit."""
        if self.lit:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """Light what is clicked; a second click opens it."""
        layout = self._layout
        if layout is None:
            return
        row, side = event.y - 1 + self.scroll_offset.y, event.x >= layout.left + layout.gutter
        rows = layout.routes.token_rows if side else layout.routes.key_rows
        above = [name for name, at in rows.items() if (at <= row <= at + 1 if side else at == row)]
        if above and above[-1] == self.lit:
            self.action_choose()
        elif event.x < layout.left or side:
            self.light(above[-1] if above else "")

    def render_line(self, y: int) -> Strip:
        """One row of the view: a border, or keys, lines and tokens."""
        layout, model, last = self._layout, self.model, self.size.height - 1
        styled, base, width = host(self).styled, self.rich_style, self.scrollable_content_region.width
        if layout is None or model is None:
            return styled.strip((), width, base)
        if y in (0, last):
            pieces = self._top(layout, model) if y == 0 else self._bottom(layout, model)
        else:
            pieces = self._row(layout, model, y - 1 + self.scroll_offset.y)
        return styled.strip(pieces, width, base)

    def _top(self, layout: Layout, model: MapModel) -> Line:
        keys, out = len(model.keys), len(model.outside)
        pane = layout.left - len("╭─ Configuration ─╮")
        words = (f" {plural(keys, 'key')}, {out} outside ", f" {out} of {keys} outside ", f" {out} outside ", "")
        said = next(each for each in words if len(each) <= pane)
        said = " not known " if model.unread else said
        right = f" {plural(len(model.tokens), 'token')} " if layout.right > 20 else ""
        return (
            *_edge("╭", "Configuration", said, "╮", layout.left),
            Piece(" " * layout.gutter),
            *_edge("╭", "Tokens", right, "╮", layout.right),
        )

    def _bottom(self, layout: Layout, model: MapModel) -> Line:
        below = self.scroll_offset.y + self.size.height - 2
        hidden = self._at.keys_from(below)
        more = f" ↓ {hidden} more " if hidden else ""
        rest = "─" * (layout.left - 3 - len(more)) + "╯"
        left = (Piece("╰─", "edge-dim"), Piece(more, "muted"), Piece(rest, "edge-dim"))
        arrows = self._arrows(layout, model, below)
        return (*left, *arrows, Piece("╰" + "─" * (layout.right - 2) + "╯", "edge-dim"))

    def _arrows(self, layout: Layout, model: MapModel, below: int) -> Line:
        """An arrow under each trunk that goes on below the view."""
        if self._spot is not None:
            column = self._spot.leaves_below(below)
            return tuple(Piece("↓", "accent") if at == column else Piece(" ") for at in range(layout.gutter))
        marks = {
            column_of(trunk.slot, layout.routes.slots, layout.gutter): trunk.token
            for trunk in layout.routes.trunks.values()
            if trunk.top < below <= trunk.bottom
        }
        joined = {self.lit, *model.graph.tokens_of(self.lit)} if self.lit else set()
        styles = {at: "accent" if name in joined else "edge" for at, name in marks.items()}
        return tuple(Piece("↓", styles[at]) if at in styles else Piece(" ") for at in range(layout.gutter))

    def _row(self, layout: Layout, model: MapModel, row: int) -> Line:
        cells = self._cells(layout, row)
        right = self._token_line(layout, model, row)
        ground = " on sel" if self.lit and layout.routes.token_rows.get(self.lit) == row else ""
        filled = _grounded(spread(cut(right, layout.right - 2), (), layout.right - 2), ground)
        return (
            Piece("│", "edge-dim"),
            *self._left(layout, model, row),
            self._port(cells[0], "├┝│"),
            *(Piece(cell.glyph, self._colour(cell)) for cell in cells),
            self._port(cells[-1], "┤┥│") if row in self._at.tokens else Piece("│", "edge-dim"),
            *filled,
            Piece("│", "edge-dim"),
        )

    def _left(self, layout: Layout, model: MapModel, row: int) -> Line:
        width = layout.left - 2
        if row in layout.heads:
            return (Piece(fit(f" {layout.heads[row]}", width), "bold group"),)
        key = self._at.keys.get(row)
        if key is None:
            return (Piece(" " * width),)
        ground = " on sel" if key == self.lit else ""
        return _grounded(key_line(model, model.keys[key], width, lit=self.lit), ground)

    def _port(self, cell: Cell, forms: str) -> Piece:
        """The border's cell where a line meets it."""
        if cell.glyph not in _MEETS:
            return Piece(forms[2], "edge-dim")
        return Piece(forms[1] if cell.lit else forms[0], self._colour(cell))

    def _colour(self, cell: Cell) -> str:
        if self.lit and not cell.lit:
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
