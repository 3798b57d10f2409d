"""The map painted: keys, lines, tokens. Its borders are painted too, so that lines meet them."""

from collections.abc import Collection
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from keybound.tui.app_protocol import host
from keybound.tui.map.bundles import Bundling
from keybound.tui.map.layout import Layout, lay_out
from keybound.tui.map.light import Light
from keybound.tui.map.scene import Scene, Viewpoint
from keybound.tui.map.sheet import Sheet


class MapCanvas(ScrollView, can_focus=True):
    """Nothing is lit at first; arrows light a key or a token, esc clears. Focus moves nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        Binding("pageup", "walk(-10)", show=False),
        Binding("pagedown", "walk(10)", show=False),
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
        self.lit = ""
        self.title = "Configuration"
        self.scene: Scene | None = None
        self._asked: Viewpoint | None = None
        self._bundlings: dict[tuple[int, tuple[str, ...]], Bundling] = {}
        self._kept: tuple[Viewpoint, Scene] | None = None
        self._way: tuple[str, ...] = ()
        self._found: Collection[str] = ()
        self._layout: Layout | None = None
        self._sheet: Sheet | None = None

    @property
    def whole(self) -> bool:
        """Whether every line is drawn, or only those of what is lit."""
        return self._layout is None or self._layout.whole

    def show(self, asked: Viewpoint, way: tuple[str, ...] = (), found: Collection[str] = ()) -> None:
        """Show what is asked for, with a path and what was searched for; what is lit stays lit if it is still there."""
        same = self._asked == asked and self._way == way
        self._asked, self._way, self._found = asked, way, found
        if same and self._layout is not None:
            self.repaint()
        else:
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
        if self._asked is None or width < 60 or view < 3:
            return
        was_whole = self.whole
        self.scene = self._scene(self._asked)
        layout = self._fitted(self.scene, width, view)
        if self._way and not layout.whole:  # a path has all its lines, or nobody could follow it
            self.scene = self.scene.alone(self._way)
            layout = self._fitted(self.scene, width, view)
        self._layout, self._sheet = layout, Sheet(self.scene, layout, view)
        self.lit = self.scene.home(self.lit)
        self.virtual_size = Size(width, layout.height + 2)
        self.repaint()
        if self.whole != was_whole:  # what is said beside the map depends on it
            self.post_message(self.Moved())

    def _fitted(self, scene: Scene, width: int, view: int) -> Layout:
        """Laid out over the column of the scroll bar where none is needed."""
        tight = lay_out(scene, width + 1, view)
        return tight if tight.height <= view else lay_out(scene, width, view)

    def _scene(self, asked: Viewpoint) -> Scene:
        """What is drawn; kept, as is how it is bundled: one goes to and fro between all of it and a part."""
        if self._kept is None or self._kept[0].model is not asked.model:
            self._bundlings = {}
        elif self._kept[0] == asked:
            return self._kept[1]
        place = (asked.rows, asked.centre)
        if place not in self._bundlings:
            self._bundlings[place] = asked.bundling()
        self._kept = (asked, asked.scene(self._bundlings[place]))
        return self._kept[1]

    def repaint(self) -> None:
        """Light what is lit now; a row and its lines are made when they are seen."""
        if self._sheet is not None and self.scene is not None:
            self._sheet.relight(Light(self.scene, self.lit, self._way, self._found), host(self).now())
            self.refresh()

    def action_side(self, side: int) -> None:
        """Go to the other side, to what the lit thing is bound to where it is lit."""
        if self.scene is None:
            return
        graph = self.scene.graph
        order = graph.tokens if side else graph.keys
        if not order or (self.lit and (self.lit in self.scene.tokens) == bool(side)):
            return
        joined = graph.tokens_of(self.lit) if side else graph.keys_of(self.lit)
        self.light(next((name for name in order if name in joined), order[0]))

    def action_walk(self, steps: int) -> None:
        """Light the next key or token on this side."""
        if self.scene is None:
            return
        graph = self.scene.graph
        order = graph.tokens if self.lit in self.scene.tokens else graph.keys
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
        sheet, last, width = self._sheet, self.size.height - 1, self.scrollable_content_region.width
        styled, base = host(self).styled, self.rich_style
        if sheet is None:
            return styled.strip((), width, base)
        if y == 0:
            return styled.strip(sheet.top(self.title), width, base)
        if y == last:
            return styled.strip(sheet.bottom(self.scroll_offset.y + self.size.height - 2), width, base)
        return styled.strip(sheet.row(y - 1 + self.scroll_offset.y), width, base)
