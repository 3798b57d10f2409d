"""The Map screen: which token of the profile depends on which key; as lines, as a matrix, or as a list."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas
from keybound.tui.frame.pane import FilteredPane, closed_filter
from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.map.canvas import MapCanvas
from keybound.tui.map.listing import Listing
from keybound.tui.map.matrix import Matrix
from keybound.tui.map.model import MapModel, model_of
from keybound.tui.map.rows import inspector
from keybound.tui.styled_text import Line
from keybound.tui.words import plural

LIST_BELOW = 70  # columns


class Inspector(Canvas):
    """What is lit, in words."""

    pane: "MapPane | None" = None

    def lines(self, width: int) -> Sequence[Line]:
        """The lines for what is lit."""
        if self.pane is None or self.pane.model is None:
            return []
        rows = max(self.size.height, 1)
        return inspector(self.pane.model, self.pane.lit, width, host(self).now(), rows, whole=self.pane.whole)


class MapPane(FilteredPane):
    """The map of the profile in use; < and > show other profiles."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "matrix", show=False),
        Binding("less_than_sign", "profile(-1)", show=False),
        Binding("greater_than_sign", "profile(1)", show=False),
        Binding("space", "bind_here", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.model: MapModel | None = None
        self.profile = ""
        self.needle = ""
        self.as_matrix = False

    def compose(self) -> ComposeResult:
        """Three forms of which one is shown, the inspector, the filter."""
        yield MapCanvas()
        yield Matrix()
        yield Listing()
        self.inspector = Inspector(id="inspector")
        self.inspector.pane = self
        yield self.inspector
        yield closed_filter("filter keys and tokens")

    def main(self) -> Widget:
        """The form that is shown."""
        if self.size.width and self.size.width < LIST_BELOW:
            return self.query_one(Listing)
        return self.query_one(Matrix) if self.as_matrix else self.query_one(MapCanvas)

    @property
    def whole(self) -> bool:
        """Whether every line of the map is drawn."""
        return self.query_one(MapCanvas).whole

    @property
    def lit(self) -> str:
        """The lit key or token, or ""."""
        main = self.main()
        if isinstance(main, MapCanvas):
            return main.lit
        return main.cursor if isinstance(main, Matrix | Listing) else ""

    def on_resize(self) -> None:
        """The form for the new width."""
        self.set_class(self.size.width < 100, "-narrow")
        focused = self.has_focus_within
        self._choose()
        if focused and not self.filter_line.has_focus:
            self.main().focus()

    def _choose(self) -> None:
        """Show one of the three forms; the others are made when they are asked for."""
        for each in (self.query_one(MapCanvas), self.query_one(Matrix), self.query_one(Listing)):
            each.display = each is self.main()
            if each.display and self.model is not None:
                each.show(self.model)

    def refresh_view(self) -> None:
        """Show the profile that was chosen here, else the one in use."""
        overview = host(self).overview
        names = [each.name for each in overview.profiles]
        if self.profile not in names:
            self.profile = overview.active or next((token.profile for token in overview.tokens), "")
        self.model = model_of(overview, self.profile, self.needle)
        self._choose()
        matrix = self.query_one(Matrix)
        matrix.border_title = Content("Matrix")
        matrix.border_subtitle = Content(
            f"{plural(len(self.model.keys), 'key')} × {plural(len(self.model.tokens), 'token')}"
        )
        self.moved()

    @on(MapCanvas.Moved)
    @on(Matrix.Moved)
    def moved(self) -> None:
        """The inspector follows."""
        model = self.model
        token = model.tokens.get(self.lit) if model else None
        full = len(model.keys) > 20 if model else False
        self.inspector.set_class(full, "-brief")
        self.inspector.border_title = Content(token.name if token else self.lit or self._title())
        self.inspector.repaint()
        self.changed()

    def _title(self) -> str:
        if self.model and self.model.outside:
            return "Outside their boundaries"
        return self.profile if self.model and self.model.unread else f"{self.profile}: all inside"

    @on(MapCanvas.Chosen)
    @on(Matrix.Chosen)
    async def chosen(self) -> None:
        """Enter opens the token, or where the key is written."""
        if self.lit in (self.model.tokens if self.model else ()) or isinstance(self.main(), Matrix):
            await self.show_token(self.target())
        else:
            await self.run_action("screen.edit")

    def targets(self) -> tuple[str, ...]:
        """The lit token, or the tokens of the lit key, the one that is outside first."""
        if self.model is None:
            return ()
        main = self.main()
        if isinstance(main, Matrix):
            return (main.token,) if main.token else ()
        if self.lit in self.model.tokens:
            return (self.lit,)
        key = self.model.keys.get(self.lit)
        rows = sorted(key.rows.items(), key=lambda item: item[1].inside is True) if key else []
        return tuple(name for name, _ in rows[:1])

    def target_key(self) -> str:
        """The lit key, or the first key of the lit token that is outside."""
        if self.model is None:
            return ""
        if self.lit in self.model.keys:
            return self.lit
        token = self.model.tokens.get(self.lit)
        return next((row.key for row in token.bound if row.inside is not True), "") if token else ""

    def action_matrix(self) -> None:
        """Change between lines and matrix."""
        lit = self.lit
        self.as_matrix = not self.as_matrix
        self.refresh_view()
        main = self.main()
        main.focus()
        if isinstance(main, Matrix) and self.model is not None:
            if lit in self.model.graph.tokens:
                main.column = self.model.graph.tokens.index(lit)
            main.stand(lit if lit in self.model.keys else main.cursor)
        self.moved()

    def action_profile(self, step: int) -> None:
        """Show another profile's map."""
        overview = host(self).overview
        names = list(dict.fromkeys(token.profile for token in overview.tokens))
        if names:
            at = names.index(self.profile) if self.profile in names else 0
            self.profile = names[(at + step) % len(names)]
            self.query_one(MapCanvas).lit = ""
            self.refresh_view()
            host(self).say(f"map of {self.profile}")

    async def action_bind_here(self) -> None:
        """Bind the cell's token to the cell's key."""
        await self.run_action("screen.bind")

    @on(Input.Changed, "#filter")
    def filtered(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self.needle = event.value
        self.refresh_view()

    def action_clear(self) -> None:
        """Esc: the filter, then the light, then back."""
        if self.drop_filter():
            return
        canvas = self.query_one(MapCanvas)
        if canvas.lit and canvas.display:
            canvas.light("")
        else:
            self.go_back()

    def explain(self) -> str:
        """What the map says."""
        return (
            "Keys are on the left, tokens on the right. A line means that the token depends on the key; a dashed line, that "
            "the reading is outside its boundary. Where lines overlap, the worst state shows."
        )

    def hints(self) -> Sequence[Hint]:
        """Walking first, then what can be done with the lit thing."""
        if self.as_matrix:
            walk = [Hint("↑↓←→", "cell", 1, "down"), Hint("⏎", "open", 2, "enter"), Hint("space", "bind here", 2)]
            rest = [Hint("m", "map", 2), Hint("/", "filter", 4, "slash"), Hint("e", "edit key", 5)]
            more = [Hint("A", "approve", 6), Hint("r", "refresh", 6), Hint("p", "profile", 6)]
            return [*walk, *rest, *more, HELP, PALETTE]
        walk = [Hint("↑↓", "move", 1, "down"), Hint("←→", "side", 1, "right"), Hint("⏎", "open", 2, "enter")]
        rest = [Hint("b", "bind", 3), Hint("m", "matrix", 2), Hint("/", "filter", 4, "slash")]
        more = [Hint("e", "edit key", 5), Hint("a", "add", 6), Hint("A", "approve", 6), Hint("r", "refresh", 6)]
        return [*walk, *rest, *more, HELP, PALETTE]
