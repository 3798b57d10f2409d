"""Where a profile has too many tokens for all its lines: those of the lit key or token alone, made row by row.

All of them join in one point, the lit thing, so one trunk carries them: from the anchor (its row) to the ends (the rows
of what it is bound to).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from keybound.tui.map.graph import Edge, Graph
from keybound.tui.map.routing import Routes
from keybound.tui.map.strokes import DOWN, LEFT, RIGHT, UP, Arm, Cell, cell_of

BLANK = Cell(" ", None, False)


class Spotlight:
    """``from_left``: the lit thing is a key, and its ends are tokens; else the other way round."""

    def __init__(self, anchor: int, ends: Mapping[int, Arm], width: int, *, from_left: bool) -> None:
        self._anchor, self._ends, self._width, self._from_left = anchor, ends, width, from_left
        self._column = width // 2
        self._above = sorted(row for row in ends if row < anchor)
        below = sorted((row for row in ends if row > anchor), reverse=True)
        self._below = [-row for row in below]  # ascending, as bisect wants it
        self._worst_above = list(accumulate((ends[row] for row in self._above), max))
        self._worst_below = list(accumulate((ends[row] for row in below), max))
        self._worst = max(ends.values())

    def cells(self, row: int) -> list[Cell]:
        """The gutter's cells in a row."""
        along, across = self._along(row), self._across(row)
        joint = row == self._anchor or row in self._ends
        blank: Mapping[int, Arm] = {}
        rows = [(along.get(at, blank), across if at == self._column else blank) for at in range(self._width)]
        return [cell_of(here, there, joint) if here or there else BLANK for here, there in rows]

    def leaves_below(self, row: int) -> int:
        """The trunk's column, where it goes on into this row from above; else -1."""
        return self._column if UP in self._across(row) else -1

    def _along(self, row: int) -> dict[int, dict[int, Arm]]:
        """Arms along a row, by column: of the anchor on its side, of an end on the other."""
        made: dict[int, dict[int, Arm]] = {}
        left = self._worst if row == self._anchor else None
        right = self._ends.get(row)
        if not self._from_left:
            left, right = right, left
        for at in range(self._width):
            if left is not None and at <= self._column:
                made.setdefault(at, {})[LEFT] = left
            if left is not None and at < self._column:
                made.setdefault(at, {})[RIGHT] = left
            if right is not None and at >= self._column:
                made.setdefault(at, {})[RIGHT] = right
            if right is not None and at > self._column:
                made.setdefault(at, {})[LEFT] = right
        return made

    def _across(self, row: int) -> dict[int, Arm]:
        """The trunk's arms in a row: each piece takes the worst of what it leads to."""
        up = self._crossing(row - 1)
        down = self._crossing(row)
        return {side: arm for side, arm in ((UP, up), (DOWN, down)) if arm is not None}

    def _crossing(self, row: int) -> Arm | None:
        """The trunk between a row and the next: the worst of the ends beyond, seen from the anchor."""
        if row < self._anchor:
            count = bisect_right(self._above, row)
            return self._worst_above[count - 1] if count else None
        count = bisect_left(self._below, -row)
        return self._worst_below[count - 1] if count else None


def spotlight(routes: Routes, graph: Graph, lit: str, width: int) -> Spotlight | None:
    """The lines of what is lit; None where it is bound to nothing."""
    edges: Sequence[Edge] = graph.edges_at(lit)
    if not edges:
        return None
    from_left = lit in routes.key_rows
    rows = routes.token_rows if from_left else routes.key_rows
    ends = {rows[edge.token if from_left else edge.key]: _arm(edge) for edge in edges}
    anchor = (routes.key_rows if from_left else routes.token_rows)[lit]
    return Spotlight(anchor, ends, width, from_left=from_left)


def _arm(edge: Edge) -> Arm:
    return Arm(True, -1 if edge.state is None else int(edge.state))
