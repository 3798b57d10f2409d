"""Where every line of the map runs: one vertical trunk a token, one horizontal line a key.

Rows and columns are cells, counted from 0. A key's line runs from the left edge to its last trunk and taps each trunk
it is bound to; a trunk leaves at its token's row to the right edge.
"""

from collections.abc import Mapping
from functools import partial
from statistics import median_low
from typing import NamedTuple

from keybound.tui.map.graph import Graph


class Trunk(NamedTuple):
    """A token's vertical line: its slot among the columns, its rows from ``top`` to ``bottom``, and its exit."""

    token: str
    slot: int
    top: int
    bottom: int
    exit: int


class Routes(NamedTuple):
    """Rows of keys and tokens, and the trunks between them. ``slots``: how many columns the trunks need."""

    key_rows: Mapping[str, int]
    token_rows: Mapping[str, int]
    trunks: Mapping[str, Trunk]
    slots: int


def route(graph: Graph, key_rows: Mapping[str, int], heights: Mapping[str, int], room: int) -> Routes:
    """Place tokens of the given heights near their keys within ``room`` rows where that is possible, and lay trunks."""
    token_rows = place_tokens(graph, key_rows, heights, room)
    bare = [_trunk(graph, token, key_rows, token_rows) for token in graph.tokens if graph.keys_of(token)]
    placed = _slotted(_sifted(bare, graph, key_rows))
    return Routes(
        key_rows,
        token_rows,
        {trunk.token: trunk for trunk in placed},
        1 + max((trunk.slot for trunk in placed), default=-1),
    )


def listed(graph: Graph, key_rows: Mapping[str, int], heights: Mapping[str, int]) -> Routes:
    """Tokens one under the other, without trunks: where not all lines are drawn."""
    rows, at = {}, 0
    for token in graph.tokens:
        rows[token] = at
        at += heights[token]
    return Routes(key_rows, rows, {}, 0)


def place_tokens(graph: Graph, key_rows: Mapping[str, int], heights: Mapping[str, int], room: int) -> dict[str, int]:
    """Give each token a row near the median of its keys, in order, never on a row that would draw a false edge."""
    rows: dict[str, int] = {}
    taken = {row: key for key, row in key_rows.items()}
    left = sum(heights[token] for token in graph.tokens)
    free = {token: partial(_is_free, graph, token) for token in graph.tokens}
    at = 0
    for token in graph.tokens:
        keys = graph.keys_of(token)
        wanted = median_low([key_rows[key] for key in keys]) if keys else at
        last = max(at, room - left)
        near = sorted(range(at, last + 1), key=lambda row, wanted=wanted: abs(row - wanted))  # type: ignore[misc]
        at = next((row for row in near if free[token](taken.get(row))), last + 1)
        while not free[token](taken.get(at)):
            at += 1
        rows[token] = at
        at += heights[token]
        left -= heights[token]
    return rows


def _is_free(graph: Graph, token: str, key: str | None) -> bool:
    """A token's exit may share a row only with a key that no other token is bound to: else it shows a false edge."""
    return key is None or graph.tokens_of(key) in ((), (token,))


def _trunk(graph: Graph, token: str, key_rows: Mapping[str, int], token_rows: Mapping[str, int]) -> Trunk:
    rows = [key_rows[key] for key in graph.keys_of(token)] + [token_rows[token]]
    return Trunk(token, 0, min(rows), max(rows), token_rows[token])


def _sifted(trunks: list[Trunk], graph: Graph, key_rows: Mapping[str, int]) -> list[Trunk]:
    """Move each trunk in turn to where it costs the fewest crossings."""
    cost = {(a.token, b.token): _crossings(a, b, graph, key_rows) for a in trunks for b in trunks if a is not b}
    order = sorted(trunks, key=lambda trunk: (trunk.bottom - trunk.top, trunk.top))
    for trunk in trunks * 2:
        rest = [other for other in order if other is not trunk]
        here = sum(cost[trunk.token, other.token] for other in rest)
        best, best_at = here, 0
        for at, other in enumerate(rest, 1):
            here += cost[other.token, trunk.token] - cost[trunk.token, other.token]
            if here < best:
                best, best_at = here, at
        order = [*rest[:best_at], trunk, *rest[best_at:]]
    return order


def _crossings(left: Trunk, right: Trunk, graph: Graph, key_rows: Mapping[str, int]) -> int:
    """Crossings between two trunks where the first stands left of the second."""
    own = set(graph.keys_of(left.token))
    lines = [key_rows[key] for key in graph.keys_of(right.token) if key not in own]
    return sum(left.top <= row <= left.bottom for row in lines) + (right.top <= left.exit <= right.bottom)


def _slotted(order: list[Trunk]) -> list[Trunk]:
    """Give slots from the left; trunks that never meet share one."""
    done: list[Trunk] = []
    for trunk in order:
        meets = [other.slot for other in done if other.top <= trunk.bottom + 1 and trunk.top <= other.bottom + 1]
        done.append(trunk._replace(slot=1 + max(meets, default=-1)))
    return done
