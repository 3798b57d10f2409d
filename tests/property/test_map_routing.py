"""Every path drawn on the map, read back from the painted cells alone, equals the bindings."""

import itertools
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.domain.verdict.states import State
from keybound.tui.map.graph import Edge, Graph, ordered
from keybound.tui.map.routing import Routes, listed, route
from keybound.tui.map.spotlight import spotlight
from keybound.tui.map.strokes import Grid, paint
from support.rounds import rounds

_ARC = {"╭": "DR", "╮": "DL", "╰": "UR", "╯": "UL"}


def arms(glyph: str) -> set[str]:
    """The arms of a box drawing character, as its Unicode name says."""
    if glyph in _ARC:
        return set(_ARC[glyph])
    name = unicodedata.name(glyph)
    found = {side[0] for side in ("UP", "DOWN", "LEFT", "RIGHT") if side in name.split()}
    return found | ({"U", "D"} if "VERTICAL" in name else set()) | ({"L", "R"} if "HORIZONTAL" in name else set())


class Reader:
    """Reads a painted gutter like a person: lines go right, pass under what crosses them, and turn where joined."""

    def __init__(self, grid: Grid, width: int) -> None:
        self.cells = {at: arms(cell.glyph) for at, cell in grid.items()}
        self.width = width

    def edges(self, routes: Routes) -> set[tuple[str, str]]:
        tokens = {row: token for token, row in routes.token_rows.items()}
        return {(key, tokens[row]) for key, line in routes.key_rows.items() for row in self._reached(line)}

    def _reached(self, row: int) -> set[int]:
        rows, column = set(), 0
        while column < self.width and (here := self.cells.get((row, column))):
            if "L" not in here:
                assert here == {"U", "D"}, "a line runs into nothing"
            elif here & {"U", "D"}:
                rows |= {at for at in self._trunk(row, column) if self._leaves(at, column)}
            if "L" in here and "R" not in here:
                return rows
            column += 1
        return rows | {row} if column == self.width else rows

    def _trunk(self, row: int, column: int) -> set[int]:
        rows = {row}
        for step, out, back in ((1, "D", "U"), (-1, "U", "D")):
            at, here = row, self.cells[row, column]
            while out in here or here == {"L", "R"}:
                at += step
                here = self.cells[at, column]
                assert back in here or here == {"L", "R"}, "a trunk runs into nothing"
                rows.add(at)
        return rows

    def _leaves(self, row: int, column: int) -> bool:
        """Whether a line leaves the trunk here that reaches the right edge and joins nothing on the way."""
        here = self.cells[row, column]
        if "R" not in here or here == {"L", "R"}:
            return False
        for at in range(column + 1, self.width):
            here = self.cells.get((row, at), set())
            if here not in ({"L", "R"}, {"U", "D"}):
                return False
        return True


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    keys = [f"k{n}" for n in range(draw(st.integers(1, 30)))]
    tokens = [f"t{n}" for n in range(draw(st.integers(1, 10)))]
    pairs = draw(st.sets(st.tuples(st.sampled_from(keys), st.sampled_from(tokens)), max_size=45))
    states = st.none() | st.sampled_from([State.WARNING, State.SUSPENDED, State.EXPIRED])
    edges = tuple(Edge(key, token, draw(states)) for key, token in sorted(pairs))
    cuts = draw(st.integers(0, len(keys)))
    return Graph((("settings", tuple(keys[:cuts])), ("flags", tuple(keys[cuts:]))), tuple(tokens), edges)


def rows_of(graph: Graph) -> dict[str, int]:
    rows, at = {}, 0
    for _, keys in graph.groups:
        at += 1
        for key in keys:
            rows[key] = at
            at += 1
    return rows


@settings(max_examples=rounds(300, 8), deadline=None)
@given(graphs(), st.integers(1, 6), st.booleans(), st.data())
def test_what_is_drawn_is_what_is_bound(graph: Graph, height: int, sort: bool, data: st.DataObject) -> None:
    graph = ordered(graph) if sort else graph
    routes = route(graph, rows_of(graph), dict.fromkeys(graph.tokens, height), 36)
    width = max(14, routes.slots + 2)
    lit = data.draw(st.sampled_from(graph.keys + graph.tokens))
    grid = paint(routes, graph.edges, width, lambda edge: lit in (edge.key, edge.token))
    assert Reader(grid, width).edges(routes) == {(edge.key, edge.token) for edge in graph.edges}


@settings(max_examples=rounds(300, 8), deadline=None)
@given(graphs(), st.integers(1, 3), st.integers(14, 24), st.data())
def test_what_is_drawn_for_the_lit_thing_alone_is_what_it_is_bound_to(
    graph: Graph, height: int, width: int, data: st.DataObject
) -> None:
    graph = ordered(graph)
    routes = listed(graph, rows_of(graph), dict.fromkeys(graph.tokens, height))
    lit = data.draw(st.sampled_from(graph.keys + graph.tokens))
    light = spotlight(routes, graph, lit, width)
    bottom = 2 + max([*routes.key_rows.values(), *routes.token_rows.values()])
    cells = {(row, at): cell for row in range(bottom) for at, cell in enumerate(light.cells(row) if light else ())}
    grid = {at: cell for at, cell in cells.items() if cell.glyph != " "}
    assert all(cell.lit for cell in grid.values())
    assert [at for at, cell in grid.items() if len(arms(cell.glyph)) < 2] == [], "a line ends in nothing"
    assert Reader(grid, width).edges(routes) == {(edge.key, edge.token) for edge in graph.edges_at(lit)}


@given(graphs())
def test_ordering_keeps_everything(graph: Graph) -> None:
    after = ordered(graph)
    assert sorted(after.keys) == sorted(graph.keys)
    assert sorted(after.tokens) == sorted(graph.tokens)
    assert after.edges == graph.edges


@given(graphs())
def test_tokens_stand_in_order_without_overlap(graph: Graph) -> None:
    heights = dict.fromkeys(graph.tokens, 3)
    rows = list(route(graph, rows_of(graph), heights, 36).token_rows.values())
    assert all(later - earlier >= 3 for earlier, later in itertools.pairwise(rows))
