"""Every path drawn on the map, read back from the painted cells alone, equals the bindings."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.tui.map.graph import Graph, ordered
from keybound.tui.map.routing import listed, route
from keybound.tui.map.spotlight import spotlight
from support.map_reader import Reader, arms, graphs, painted, pairs, rows_of
from support.rounds import rounds


@settings(max_examples=rounds(300, 8), deadline=None)
@given(graphs(), st.integers(1, 6), st.booleans(), st.data())
def test_what_is_drawn_is_what_is_bound(graph: Graph, height: int, sort: bool, data: st.DataObject) -> None:
    graph = ordered(graph) if sort else graph
    routes = route(graph, rows_of(graph), dict.fromkeys(graph.tokens, height), 36)
    width = max(14, routes.slots + 2)
    lit = data.draw(st.sampled_from(graph.keys + graph.tokens))
    grid = painted(graph, routes, width, lambda edge: lit in (edge.key, edge.token))
    assert Reader(grid, width).edges(routes) == pairs(graph)


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
