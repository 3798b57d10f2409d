"""Reads a painted map like a person, and makes graphs for it to be painted from."""

import unicodedata
from collections.abc import Callable

from hypothesis import strategies as st

from keybound.domain.verdict.states import State
from keybound.tui.map.graph import Edge, Graph
from keybound.tui.map.routing import Routes
from keybound.tui.map.strokes import Cell, Grid, paint

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


def pairs(graph: Graph) -> set[tuple[str, str]]:
    return {(edge.key, edge.token) for edge in graph.edges}


def painted(
    graph: Graph, routes: Routes, width: int, lit: Callable[[Edge], bool] = lambda _: False, step: int = 7
) -> Grid:
    """All rows, painted a few at a time as the view does that scrolls over them."""
    bottom = 2 + max([0, *routes.key_rows.values(), *routes.token_rows.values()])
    grid: dict[tuple[int, int], Cell] = {}
    for top in range(0, bottom, step):
        window = range(top, top + step)
        made = paint(routes, graph.edges, width, lit, window)
        assert all(row in window for row, _ in made)
        grid |= made
    return grid


def rows_of(graph: Graph) -> dict[str, int]:
    rows, at = {}, 0
    for _, keys in graph.groups:
        at += 1
        for key in keys:
            rows[key] = at
            at += 1
    return rows
