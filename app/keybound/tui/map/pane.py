"""The Map screen: which token of the profile depends on which key; as lines, as a matrix, or as a list."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from keybound.custody.view_models.overview import Overview
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas, ListCanvas
from keybound.tui.empty import lacks
from keybound.tui.frame.memory import View, text
from keybound.tui.frame.pane import FilteredPane, closed_filter
from keybound.tui.hints import Hint
from keybound.tui.map.bundles import fits
from keybound.tui.map.canvas import MapCanvas
from keybound.tui.map.help import EXPLAINED, hints_for
from keybound.tui.map.inspector import inspector, way_lines
from keybound.tui.map.listing import Listing
from keybound.tui.map.matrix import Matrix
from keybound.tui.map.model import ALL, MapModel, model_of
from keybound.tui.map.overview import MapOverview
from keybound.tui.map.scene import BundleInfo
from keybound.tui.map.visit import Visit
from keybound.tui.styled_text import Line
from keybound.tui.words import named, plural

LIST_BELOW = 70  # columns
SCREENS = 2  # more rows than so many views have, and what is equal is bundled
_BELOW = 9  # rows that the inspector and the borders take


class Inspector(Canvas):
    """What is lit, in words."""

    pane: "MapPane | None" = None

    def lines(self, width: int) -> Sequence[Line]:
        """The lines for what is lit."""
        return self.pane.said(width, max(self.size.height, 1)) if self.pane is not None else []


class MapPane(FilteredPane):
    """The map of the profile in use; < and > show other profiles, and all of them together."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "matrix", show=False),
        Binding("f", "focus_on", show=False),
        Binding("O", "overview", show=False),
        Binding("less_than_sign", "profile(-1)", show=False),
        Binding("greater_than_sign", "profile(1)", show=False),
        Binding("space", "space", show=False),
        Binding("up", "found(-1)", show=False),  # while the filter is typed in: every form has its own
        Binding("down", "found(1)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.model: MapModel | None = None
        self._seen: Overview | None = None  # what the model was made of
        self.profile = ""
        self.needle = ""
        self.form: type[MapCanvas | Matrix | MapOverview] = MapCanvas
        self._visits: dict[str, Visit] = {}
        self._found: list[str] = []
        self._jumped = ""  # which of these was gone to last
        self._begun: set[str] = set()

    def compose(self) -> ComposeResult:
        """Four forms of which one is shown, the inspector, the filter."""
        yield MapCanvas()
        yield Matrix()
        yield MapOverview()
        yield Listing()
        self.inspector = Inspector(id="inspector")
        self.inspector.pane = self
        yield self.inspector
        yield closed_filter("find keys and tokens")

    def main(self) -> Widget:
        """The form that is shown."""
        if self.size.width and self.size.width < LIST_BELOW:
            return self.query_one(Listing)
        return self.query_one(self.form)

    def remembered(self) -> View:
        """Whose map, and whether as a matrix."""
        return {"profile": self.profile, "form": "matrix" if self.form is Matrix else ""}

    def recall(self, view: View) -> None:
        """The same again."""
        self.profile = text(view, "profile")
        self.form = Matrix if text(view, "form") == "matrix" else self.form

    @property
    def canvas(self) -> MapCanvas:
        """The map as lines."""
        return self.query_one(MapCanvas)

    @property
    def visit(self) -> Visit:
        """Where one is on this profile's map."""
        return self._visits.setdefault(self.profile, Visit())

    @property
    def lit(self) -> str:
        """The lit key, token or bundle, or ""."""
        main = self.main()
        if isinstance(main, MapCanvas):
            return main.lit
        if isinstance(main, MapOverview):
            return main.chosen[0] if len(main.chosen) == 1 else ""
        return main.cursor if isinstance(main, Matrix | Listing) else ""

    @property
    def bundle(self) -> BundleInfo | None:
        """The lit bundle."""
        scene = self.canvas.scene
        return scene.bundles.get(self.lit) if scene and self.main() is self.canvas else None

    def said(self, width: int, rows: int) -> list[Line]:
        """What the inspector says: of the path, or of what is lit."""
        scene, marks = self.canvas.scene, self.visit.marks
        if self.model is None:
            return []
        if empty := lacks(host(self)):
            return empty
        if marks and self.main() is self.canvas:
            return way_lines(self.model, marks, self.visit.way, width, rows)
        return inspector(self.model, scene, self.lit, width, host(self).now(), rows, whole=self.canvas.whole)

    def on_resize(self) -> None:
        """The form for the new width."""
        self.set_class(self.size.width < 100, "-narrow")
        focused = self.has_focus_within
        self._begin()
        self._choose()
        if focused and not self.filter_line.has_focus:
            self.main().focus()

    def _begin(self) -> None:
        """Where a profile's map is large, its overview comes first."""
        if self.model is not None and self.size.height and self.profile not in self._begun:
            self._begun.add(self.profile)
            if not fits(self.model.graph, self._rows) and not isinstance(self.main(), Listing):
                self._to(MapOverview)

    @property
    def _rows(self) -> int:
        """How many rows a map may have before what is equal is bundled; the line to search by does not count."""
        return SCREENS * max(self.size.height - _BELOW, 1)

    def _choose(self) -> None:
        """Show one of the forms; the others are made when they are asked for."""
        main = self.main()
        for each in self.query("MapCanvas, Matrix, MapOverview, Listing"):
            each.display = each is main
        if self.model is None or not self.size.height:
            return
        if isinstance(main, MapCanvas):
            asked = self.visit.viewpoint(self.model, self._rows)
            main.title = f"Around {self._names(self.visit.centre)}" if self.visit.centre else "Configuration"
            main.show(asked, self.visit.way, self._found)
        elif isinstance(main, Matrix | Listing):
            main.show(self.model, frozenset(self._found))
        elif isinstance(main, MapOverview):
            main.show(self.model)

    def _names(self, names: Sequence[str]) -> str:
        return named([self.model.title(name) if self.model else name for name in names], 2)

    @property
    def _of(self) -> str:
        """What the map is of."""
        return "all profiles" if self.profile == ALL else self.profile

    def refresh_view(self) -> None:
        """Show the profile that was chosen here, else the one in use."""
        overview = host(self).overview
        names = [each.name for each in overview.profiles]
        if self.profile not in (*names, ALL):
            self.profile = overview.active or next((token.profile for token in overview.tokens), "")
        if self.model is None or self._seen is not overview or self.model.profile != self.profile:
            self.model, self._seen = model_of(overview, self.profile), overview
        self._found = self.model.search(self.needle)
        self._begin()
        self._choose()
        matrix = self.query_one(Matrix)
        matrix.border_title = Content("Matrix")
        matrix.border_subtitle = Content(
            f"{plural(len(self.model.keys), 'key')} × {plural(len(self.model.tokens), 'token')}"
        )
        self.query_one(MapOverview).border_title = Content(f"Overview of {self._of}")
        self.moved()

    @on(MapCanvas.Moved)
    @on(ListCanvas.Moved)
    def moved(self) -> None:
        """The inspector follows."""
        full = len(self.model.keys) > 20 if self.model else False
        self.inspector.set_class(full, "-brief")
        self.inspector.border_title = Content(self._title())
        self.inspector.repaint()
        self.changed()

    def _title(self) -> str:
        model, bundle = self.model, self.bundle
        if self.visit.marks and self.main() is self.canvas:
            return "Path"
        if bundle is not None:
            return bundle.title
        if self.lit:
            return self._names([self.lit])
        if self.needle:
            return f"{len(self._found)} found" if self._found else f"{self.needle} is in no name"
        if model and model.outside:
            return "Outside their boundaries"
        return self._of if model and model.unread else f"{self._of}: all inside"

    @on(MapCanvas.Chosen)
    @on(ListCanvas.Chosen)
    async def chosen(self) -> None:
        """Enter opens a bundle, moves the focus, or opens the token, or where the key is written."""
        main, visit = self.main(), self.visit
        if isinstance(main, MapOverview):
            self._focus(main.chosen)
        elif self.bundle is not None:
            visit.toggle(self.lit)
            self._choose()
            self.moved()
        elif main is self.canvas and visit.centre and (self.lit,) != visit.centre:
            self._focus((self.lit,))
        else:
            await self._open()

    async def _open(self) -> None:
        if self.lit in (self.model.tokens if self.model else ()) or isinstance(self.main(), Matrix):
            await self.show_token(self.target())
        else:
            await self.run_action("screen.edit")

    def targets(self) -> tuple[str, ...]:
        """The lit token, or the tokens of the lit key, the one that is outside first; nothing that is in a bundle."""
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
            return self.model.keys[self.lit].key
        token = self.model.tokens.get(self.lit)
        return next((row.key for row in token.bound if row.inside is not True), "") if token else ""

    def action_matrix(self) -> None:
        """Change between lines and matrix."""
        lit = self.lit
        self._to(MapCanvas if self.form is Matrix else Matrix)
        main = self.main()
        if isinstance(main, Matrix):
            main.stand_on(lit)
        self.moved()

    def action_overview(self) -> None:
        """Change between the overview and the map."""
        self._to(MapCanvas if self.form is MapOverview else MapOverview)

    def _to(self, form: type[MapCanvas | Matrix | MapOverview]) -> None:
        if isinstance(self.main(), Listing):
            host(self).say(f"below {LIST_BELOW} columns the map is a list")
            return
        focused = self.has_focus_within and not self.filter_line.has_focus
        self.form = form
        self._choose()
        if focused:
            self.main().focus()
        self.moved()

    def action_focus_on(self) -> None:
        """Show what stands around the lit thing alone; on what the focus is on, show everything again."""
        if isinstance(self.main(), Listing):
            self._to(MapCanvas)
            return
        centre = self.bundle.members if self.bundle else (self.lit,) if self.lit else ()
        if self.visit.centre and centre in ((), self.visit.centre):
            self.visit.trail[1:] = []
            self._back()
        elif centre:
            self._focus(centre)
        else:
            key = host(self).keyboard.key("focus")
            host(self).say(f"{key} shows what stands around a key or a token: go to one with the arrow keys first")

    def _focus(self, centre: tuple[str, ...]) -> None:
        """Put the focus on keys or tokens; on none, show the whole map."""
        if centre:
            self.visit.focus(centre, self.canvas.lit, round(self.canvas.scroll_offset.y))
        else:
            self.visit.leave()
        self._to(MapCanvas)
        if centre:
            self.canvas.scroll_to(y=0, animate=False)
            self.canvas.light(centre[0] if len(centre) == 1 else "")

    def _back(self) -> bool:
        """Go back to where the focus was before, with what was lit there."""
        stop = self.visit.back()
        if stop is None:
            return False
        self._choose()
        self.canvas.light(stop.lit)
        self.canvas.scroll_to(y=stop.row, animate=False)
        return True

    def action_profile(self, step: int) -> None:
        """Show another profile's map; after the last one, the map of all of them."""
        overview = host(self).overview
        names = list(dict.fromkeys(token.profile for token in overview.tokens))
        names += [ALL] if len(names) > 1 else []
        if names:
            at = names.index(self.profile) if self.profile in names else 0
            self.profile = names[(at + step) % len(names)]
            self.canvas.lit = ""
            self.refresh_view()
            host(self).say(f"map of {self._of}")

    async def action_space(self) -> None:
        """In the matrix, bind the cell's token to the cell's key; on the map, mark an end of a path."""
        if self.main() is not self.canvas:
            await self.run_action("screen.bind")
        elif self.bundle is not None or not self.lit:
            host(self).say("space marks a key or a token, and a second one, to show the path between them")
        else:
            self.visit.mark(self.lit)
            self._choose()
            self.moved()

    @on(Input.Changed, "#filter")
    def filtered(self, event: Input.Changed) -> None:
        """Find as it is typed: what has it in its name is marked, and the first of these is lit."""
        self.needle = event.value
        self._found = self.model.search(self.needle) if self.model else []
        self._choose()
        self._jumped = self.lit if self.lit in self._places() else ""
        if not self._jumped:
            self.action_found(1)
        self.moved()

    def _places(self) -> list[str]:
        """Where what was searched for is seen, in the order of the form."""
        scene, main = self.canvas.scene, self.main()
        if self.model is None or scene is None or main is not self.canvas:
            return self._found
        seen = {scene.home(name) for name in self._found}
        return [name for name in (*scene.graph.keys, *scene.graph.tokens) if name in seen]

    def action_found(self, step: int) -> None:
        """Go to the next of what was searched for, or to the one before."""
        main, places = self.main(), self._places()
        if not places or not self.filter_line.has_focus:
            return
        here = self.lit if main is self.canvas else self._jumped  # a row of matrix or list stands for several
        at = places.index(here) + step if here in places else 0
        self._jumped = places[at % len(places)]
        self._light(main, self._jumped)

    def _light(self, main: Widget, name: str) -> None:
        if isinstance(main, MapCanvas):
            main.light(name)
        elif isinstance(main, Matrix | Listing):
            main.stand_on(name)

    @on(Input.Submitted, "#filter")
    def settled(self) -> None:
        """Enter goes back to the map, into the bundle where that holds what was searched for."""
        super().settled()
        bundle, scene = self.bundle, self.canvas.scene
        if self.needle and bundle is not None and scene is not None:
            hit = next((name for name in bundle.members if name in self._found), "")
            self.visit.opened |= set(scene.drawn.way_in(hit)) if hit else set()
            self._choose()
            self.canvas.light(hit or self.lit)

    def action_clear(self) -> None:
        """Esc: what was searched for, then the path, the focus, the bundle one is in, the light; then back."""
        if self.drop_filter():
            return
        main, canvas = self.main(), self.canvas
        if main is not canvas:
            self.go_back()
        elif self.visit.unmark():
            self._choose()
            self.moved()
        elif self._back() or self._close():
            return
        elif canvas.lit:
            canvas.light("")
        else:
            self.go_back()

    def _close(self) -> bool:
        """Close the bundle that is lit, or that holds what is lit, and light it; False: there is none."""
        scene = self.canvas.scene
        lit = self.lit
        if scene is None or not lit:
            return False
        bundle = lit if lit in self.visit.opened else scene.drawn.holder.get(lit, "")
        if bundle not in scene.bundles or bundle not in self.visit.opened:
            return False
        self.visit.toggle(bundle)
        self._choose()
        self.canvas.light(bundle)
        return True

    def explain(self) -> str:
        """What the map says."""
        return EXPLAINED

    def filter_hints(self) -> Sequence[Hint]:
        """From one that is found to another."""
        return (Hint("↑↓", "next", 1, "down"),)

    def hints(self) -> Sequence[Hint]:
        """Walking first, then what can be done with the lit thing."""
        return hints_for(type(self.main()), self.bundle, self.visit.centre, self.lit)
