"""What is lit on the map: one thing with its neighbours, or the path between two; and what was searched for."""

from collections.abc import Collection
from itertools import pairwise

from keybound.tui.map.graph import Edge
from keybound.tui.map.scene import Scene


class Light:
    """``lit``: the thing under the cursor, or "". ``way``: keys and tokens of a path. ``found``: those searched for."""

    def __init__(self, scene: Scene, lit: str = "", way: Collection[str] = (), found: Collection[str] = ()) -> None:
        self.lit = lit
        at = [scene.home(name) for name in way]
        steps = {pair for one, two in pairwise(at) for pair in ((one, two), (two, one))}
        edges = scene.graph.edges_at(lit) if not way else [each for each in scene.graph.edges if each[:2] in steps]
        self.edges = frozenset((edge.key, edge.token) for edge in edges)
        self._touched = {lit, *at} if lit else set(at)
        self._touched |= {name for edge in edges for name in (edge.key, edge.token)}
        self._found: dict[str, int] = {}
        for name in found:
            self._found[scene.home(name)] = self._found.get(scene.home(name), 0) + 1

    @property
    def any(self) -> bool:
        """Whether anything is lit, so that the rest is dim."""
        return bool(self._touched)

    def on(self, name: str) -> bool:
        """Whether something keeps its colour: where nothing is lit, all does."""
        return not self._touched or name in self._touched

    def on_edge(self, edge: Edge) -> bool:
        """Whether an edge is lit."""
        return (edge.key, edge.token) in self.edges

    def found(self, name: str) -> int:
        """How many of those searched for are drawn as this."""
        return self._found.get(name, 0)
