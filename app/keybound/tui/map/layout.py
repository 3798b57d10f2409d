"""Rows and widths of the map for the space at hand; focus plays no part in it."""

from collections.abc import Mapping
from typing import NamedTuple

from keybound.tui.map.routing import Routes, listed, route
from keybound.tui.map.scene import Scene

DENSE = 20  # keys; more take a wider gutter


MOST_TRUNKS = 40  # more tokens than that, and only the lines of what is lit are drawn
LEAST_RIGHT = 26  # cells that the tokens keep
WIDE = 100  # columns from which variables and boundaries have room
_LEFT, _LABEL, _NAME = (
    44,
    20,
    11,
)  # cells of the keys, of their names, and of the tokens' names where there is no more room


class Layout(NamedTuple):
    """Widths of the three parts in cells, and the rows. ``full``: boundaries are listed under their tokens.

    ``whole``: every line is drawn; else those of what is lit. ``label`` and ``name``: cells for the name of a key or token.
    """

    left: int
    gutter: int
    right: int
    heads: Mapping[int, str]
    routes: Routes
    full: bool
    height: int
    label: int
    name: int
    whole: bool = True


def lay_out(scene: Scene, width: int, view: int) -> Layout:
    """Place everything in ``width`` cells; ``view`` is how many rows are seen at once."""
    left, gutter, label = _widths(scene, width)
    graph = scene.graph
    heads, key_rows = _key_rows(scene, view)
    bounds = {name: len(scene.model.keys_of(name)) for name in graph.tokens}
    if sum(bool(graph.edges_at(name)) for name in graph.tokens) <= MOST_TRUNKS:
        ways = [way for way in _heights(scene, bounds) if width >= WIDE or not way[1]]
        for heights, full, air in ways:  # noqa: B007
            routes = route(graph, key_rows, heights, view)
            height = _height(routes, heights, air)
            if height <= view:
                break
        wide = max(gutter, routes.slots + 2)
        right = width - left - wide
        if right >= LEAST_RIGHT:
            return Layout(left, wide, right, heads, routes, full, height, label, _name(scene, right))
    heights = {name: _rows_of(scene, name, 2) for name in bounds}
    routes, right = listed(graph, key_rows, heights), width - left - gutter
    name = _name(scene, right)
    return Layout(left, gutter, right, heads, routes, False, _height(routes, heights, 0), label, name, whole=False)


def _height(routes: Routes, heights: Mapping[str, int], air: int) -> int:
    """Rows down to the last that something is written in; ``air``: empty rows that are counted to a token."""
    ends = [row + heights[name] - air for name, row in routes.token_rows.items()]
    return max([*ends, *(row + 1 for row in routes.key_rows.values()), 1])


def _heights(scene: Scene, bounds: Mapping[str, int]) -> list[tuple[dict[str, int], bool, int]]:
    """Rows a token takes: with its boundaries, or with one line under it; with an empty line after it, or without."""
    listed = {name: max(count, 1) + 1 for name, count in bounds.items()}  # an unbound one has a line of why
    made = []
    for written, full in ((listed, True), (dict.fromkeys(bounds, 2), False)):
        for air in (1, 0):
            made.append(({name: _rows_of(scene, name, rows + air) for name, rows in written.items()}, full, air))
    return made


def _rows_of(scene: Scene, name: str, rows: int) -> int:
    """An opened bundle is one row, a closed one two and perhaps an empty one."""
    bundle = scene.bundles.get(name)
    return rows if bundle is None else 1 if bundle.opened else min(rows, 3)


def _widths(scene: Scene, width: int) -> tuple[int, int, int]:
    """Cells of the keys' panel, of the gutter, and of a key's name; room beyond 120 columns goes to what is cut without it."""
    dense = len(scene.graph.keys) > DENSE
    names, values, _ = scene.model.longest
    if width < WIDE:
        left, gutter = (34, 14) if dense else (36, 11)
    else:
        spare = max(width - 120, 0)
        left = min(max(names + values + 8, _LEFT), _LEFT + spare * 3 // 5)
        gutter = 24 if dense else 14 + spare // 10
    label = max(names, 8) + bool(scene.drawn.parts)  # what a bundle holds stands in by one cell
    return left, gutter, min(label, max(_LABEL, (left - 8) // 2))


def _name(scene: Scene, right: int) -> int:
    """Cells of a token's name: as the longest needs, while something remains for what stands beside it."""
    indent = 4 if scene.drawn.parts else 0  # what a bundle in a bundle holds stands in so far
    return min(max(scene.model.longest[2] + indent, _NAME), max(right - (46 if right >= 45 else 20), _NAME))


def _key_rows(scene: Scene, view: int) -> tuple[dict[int, str], dict[str, int]]:
    """Headings and keys; empty rows between groups only where everything fits with them."""
    groups = scene.graph.groups
    lines = sum(len(keys) + 1 for _, keys in groups)
    gap = 1 if lines + len(groups) - 1 <= view else 0
    heads: dict[int, str] = {}
    rows: dict[str, int] = {}
    at = 0
    for head, keys in groups:
        heads[at] = head
        for key in keys:
            at += 1
            rows[key] = at
        at += 1 + gap
    return heads, rows
