"""Rows and widths of the map for the space at hand; focus plays no part in it."""

from collections.abc import Mapping
from typing import NamedTuple

from keybound.tui.map.model import MapModel
from keybound.tui.map.routing import Routes, listed, route

DENSE = 20  # keys; more take a wider gutter


MOST_TRUNKS = 40  # more tokens than that, and only the lines of what is lit are drawn
LEAST_RIGHT = 26  # cells that the tokens keep


class Layout(NamedTuple):
    """Widths of the three parts in cells, and the rows. ``full``: boundaries are listed under their tokens.

    ``whole``: every line is drawn; else those of what is lit.
    """

    left: int
    gutter: int
    right: int
    heads: Mapping[int, str]
    routes: Routes
    full: bool
    height: int
    whole: bool = True


def lay_out(model: MapModel, width: int, view: int) -> Layout:
    """Place everything in ``width`` cells; ``view`` is how many rows are seen at once."""
    left, gutter = _widths(model, width)
    heads, key_rows = _key_rows(model, view)
    bounds = {name: len(model.keys_of(name)) for name in model.graph.tokens}
    if sum(count > 0 for count in bounds.values()) <= MOST_TRUNKS:
        ways = [way for way in _heights(bounds) if width >= 100 or not way[1]]
        for heights, full in ways:  # noqa: B007
            routes = route(model.graph, key_rows, heights, view)
            height = _height(routes, heights)
            if height <= view:
                break
        wide = max(gutter, routes.slots + 2)
        if width - left - wide >= LEAST_RIGHT:
            return Layout(left, wide, width - left - wide, heads, routes, full, height)
    heights = dict.fromkeys(bounds, 2)
    routes = listed(model.graph, key_rows, heights)
    return Layout(left, gutter, width - left - gutter, heads, routes, False, _height(routes, heights), whole=False)


def _height(routes: Routes, heights: Mapping[str, int]) -> int:
    ends = [row + heights[name] - 1 for name, row in routes.token_rows.items()]
    return max([*ends, *(row + 1 for row in routes.key_rows.values()), 1])


def _heights(bounds: Mapping[str, int]) -> list[tuple[dict[str, int], bool]]:
    """Rows a token takes: with its boundaries, with one line under it, the same without an empty line."""
    spacious = {name: count + 2 for name, count in bounds.items()}
    return [(spacious, True), (dict.fromkeys(bounds, 3), False), (dict.fromkeys(bounds, 2), False)]


def _widths(model: MapModel, width: int) -> tuple[int, int]:
    dense = len(model.keys) > DENSE
    if width >= 100:
        return 44, 24 if dense else 14
    return (34, 14) if dense else (36, 11)


def _key_rows(model: MapModel, view: int) -> tuple[dict[int, str], dict[str, int]]:
    """Headings and keys; empty rows between groups only where everything fits with them."""
    groups = model.graph.groups
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
