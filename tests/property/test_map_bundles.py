"""Bundled, opened, around one thing or along a path: what is drawn is what is bound, and nothing is lost or hidden."""

from itertools import pairwise
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from keybound.tui.map.bundles import Bundled, Bundling, bundling, fits
from keybound.tui.map.graph import Graph, ordered
from keybound.tui.map.light import Light
from keybound.tui.map.model import MapModel
from keybound.tui.map.neighbours import around, centred, only, path
from keybound.tui.map.routing import Routes, listed, route
from keybound.tui.map.scene import Scene
from keybound.tui.map.spotlight import spotlight
from support.map_reader import Reader, graphs, painted, pairs, rows_of
from support.rounds import rounds

SETTINGS = settings(max_examples=rounds(300, 8), deadline=None)


def table_of(key: str) -> str:
    """Keys of one group may be of several files: here, by their last digit's parity."""
    return "even" if int(key[1:]) % 2 == 0 else "odd"


def owner_of(name: str) -> str:
    """Every third key belongs to no profile; the others, and all tokens, to one of two."""
    number = int(name[1:])
    return "" if name[0] == "k" and number % 3 == 0 else f"p{number % 2}"


class Case(NamedTuple):
    graph: Graph
    bundling: Bundling
    drawn: Bundled


@st.composite
def cases(draw: st.DrawFn) -> Case:
    graph = draw(graphs())
    graph = Graph((("even", tuple(k for k in graph.keys if table_of(k) == "even")),
                   ("odd", tuple(k for k in graph.keys if table_of(k) == "odd"))), graph.tokens, graph.edges)  # fmt: skip
    bundled = bundling(graph, draw(st.integers(0, 30)), table_of, owner_of=draw(st.sampled_from([None, owner_of])))
    opened = draw(st.sets(st.sampled_from(sorted(bundled.parts)))) if bundled.parts else set()
    return Case(graph, bundled, bundled.opened(opened))


def routed(graph: Graph) -> tuple[Routes, int]:
    routes = route(graph, rows_of(graph), dict.fromkeys(graph.tokens, 2), 36)
    return routes, max(14, routes.slots + 2)


@SETTINGS
@given(cases())
def test_lines_of_bundles_read_back_are_the_bindings_of_what_is_in_them(case: Case) -> None:
    routes, width = routed(case.drawn.graph)
    read = Reader(painted(case.drawn.graph, routes, width), width).edges(routes)
    keys = {name: set(case.drawn.members(name)) for name in case.drawn.graph.keys if _closed(case, name)}
    tokens = {name: set(case.drawn.members(name)) for name in case.drawn.graph.tokens if _closed(case, name)}
    bound = pairs(case.graph)
    assert read == {
        (key, token)
        for key, some in keys.items()
        for token, others in tokens.items()
        if any((one, other) in bound for one in some for other in others)
    }


def _closed(case: Case, name: str) -> bool:
    return name not in case.drawn.opened


@SETTINGS
@given(cases())
def test_everything_is_drawn_once_and_a_bundle_shows_the_worst_of_its_members(case: Case) -> None:
    graph, drawn = case.graph, case.drawn
    shown = [
        each for name in (*drawn.graph.keys, *drawn.graph.tokens) if _closed(case, name) for each in drawn.members(name)
    ]
    assert sorted(shown) == sorted((*graph.keys, *graph.tokens))
    assert all(
        drawn.home[each] == name for name in drawn.graph.keys if _closed(case, name) for each in drawn.members(name)
    )
    for key, token, state in drawn.graph.edges:
        inner = [e.state for e in graph.edges if drawn.home[e.key] == key and drawn.home[e.token] == token]
        assert state == max(inner, key=lambda each: -1 if each is None else each)


@SETTINGS
@given(cases())
def test_opening_moves_nothing_else(case: Case) -> None:
    closed, drawn = case.bundling.closed, case.drawn
    inside = {each for name in drawn.opened for each in case.bundling.parts[name]}
    assert [key for key in drawn.graph.keys if key not in inside] == [key for key in closed.keys if key not in inside]
    assert [each for each in drawn.graph.tokens if each not in inside] == [t for t in closed.tokens if t not in inside]
    for name in drawn.opened:
        order = drawn.graph.tokens if name in drawn.graph.tokens else drawn.graph.keys
        if name in order:
            held = case.bundling.parts[name]
            assert order[order.index(name) + 1] == held[0], "members stand below their bundle"
            assert drawn.way_in(held[0])[-1] == name
    assert case.bundling.opened(()).graph == closed


@SETTINGS
@given(graphs(), st.integers(0, 60))
def test_what_fits_is_not_bundled_and_equal_tokens_share_a_bundle(graph: Graph, rows: int) -> None:
    made = bundling(graph, rows, table_of)
    if fits(graph, rows):
        assert not made.parts
        assert made.closed == ordered(graph)
        return
    home = made.opened(()).home
    sets = {token: frozenset(graph.keys_of(token)) for token in graph.tokens}
    assert all(home[a] == home[b] for a in graph.tokens for b in graph.tokens if sets[a] == sets[b])


@SETTINGS
@given(graphs(), st.integers(0, 30), st.data())
def test_around_one_thing_all_its_bindings_are_drawn_and_those_of_its_neighbours(
    graph: Graph, rows: int, data: st.DataObject
) -> None:
    centre = data.draw(st.sampled_from(graph.keys + graph.tokens))
    part = around(graph, [centre])
    near = {centre} | {name for edge in graph.edges_at(centre) for name in edge[:2]}
    far = near | {name for each in near for edge in graph.edges_at(each) for name in edge[:2]}
    assert set(part.keys + part.tokens) == far
    assert pairs(part) == {pair for pair in pairs(graph) if set(pair) <= far}
    assert all(set(pair) <= far for pair in pairs(graph) if set(pair) & near), "the neighbours' bindings are all there"
    drawn = bundling(part, rows, table_of, [centre], lambda made: centred(ordered(made), centre)).opened(())
    assert drawn.home[centre] == centre, "what it is about is in no bundle"
    side = (
        drawn.graph.tokens if centre in graph.tokens else next(keys for _, keys in drawn.graph.groups if centre in keys)
    )
    assert side.index(centre) in (len(side) // 2, (len(side) - 1) // 2)
    routes, width = routed(drawn.graph)
    assert Reader(painted(drawn.graph, routes, width), width).edges(routes) == pairs(drawn.graph)


@SETTINGS
@given(graphs(), st.data())
def test_a_path_goes_over_bindings_only_and_none_is_shorter(graph: Graph, data: st.DataObject) -> None:
    names = st.sampled_from(graph.keys + graph.tokens)
    start, end = data.draw(names), data.draw(names)
    way = path(graph, start, end)
    steps = {frozenset(pair) for pair in pairwise(way)}
    assert steps <= {frozenset(pair) for pair in pairs(graph)}
    assert len(way) == _distance(graph, start, end) + 1
    if not way:
        return
    assert (way[0], way[-1]) == (start, end)
    part = ordered(only(graph, way))
    routes, width = routed(part)
    read = Reader(painted(part, routes, width), width).edges(routes)
    assert read == {pair for pair in pairs(graph) if set(pair) <= set(way)}
    assert {frozenset(pair) for pair in read} == steps, "a shortest path has no other binding between its own"


def _distance(graph: Graph, start: str, end: str) -> int:
    """Steps between two, by widening a set; -1 where nothing joins them."""
    reached, steps = {start}, 0
    while end not in reached:
        wider = reached | {name for pair in pairs(graph) if set(pair) & reached for name in pair}
        if wider == reached:
            return -1
        reached, steps = wider, steps + 1
    return steps


@SETTINGS
@given(cases(), st.data())
def test_the_lines_of_a_lit_bundle_alone_are_its_own(case: Case, data: st.DataObject) -> None:
    graph = case.drawn.graph
    routes = listed(graph, rows_of(graph), dict.fromkeys(graph.tokens, 2))
    lit = data.draw(st.sampled_from(graph.keys + graph.tokens))
    light = spotlight(routes, graph, lit, 14)
    bottom = 2 + max([*routes.key_rows.values(), *routes.token_rows.values()])
    cells = {(row, at): cell for row in range(bottom) for at, cell in enumerate(light.cells(row) if light else ())}
    grid = {at: cell for at, cell in cells.items() if cell.glyph != " "}
    assert Reader(grid, 14).edges(routes) == {(edge.key, edge.token) for edge in graph.edges_at(lit)}


@SETTINGS
@given(cases(), st.data())
def test_what_is_lit_read_back_is_the_path_over_bundles_or_what_the_lit_thing_is_bound_to(
    case: Case, data: st.DataObject
) -> None:
    scene = Scene(MapModel("", case.graph, {}, {}), case.drawn)
    names = st.sampled_from(case.graph.keys + case.graph.tokens)
    way = path(case.graph, data.draw(names), data.draw(names)) if data.draw(st.booleans()) else ()
    lit = data.draw(st.sampled_from(case.drawn.graph.keys + case.drawn.graph.tokens))
    light = Light(scene, lit, way)
    steps = {frozenset((scene.home(one), scene.home(other))) for one, other in pairwise(way)}
    meant = {pair for pair in pairs(case.drawn.graph) if (frozenset(pair) in steps if way else lit in pair)}
    assert light.edges == meant
    routes, width = routed(case.drawn.graph)
    grid = painted(case.drawn.graph, routes, width, light.on_edge)
    assert {row for row, column in grid if column == 0 and grid[row, column].lit} == {
        routes.key_rows[key] for key, _ in meant
    }, "a lit line starts at each of its keys, and at no other"
    assert {row for row, column in grid if column == width - 1 and grid[row, column].lit} == {
        routes.token_rows[token] for _, token in meant
    }
