"""Parts of a graph: what stands around something, and the shortest way between two."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from keybound.tui.map.graph import Graph


def only(graph: Graph, names: Collection[str]) -> Graph:
    """The keys and tokens with these names, in their order, and every edge between two of them."""
    groups = ((head, tuple(key for key in keys if key in names)) for head, keys in graph.groups)
    return Graph(
        tuple((head, keys) for head, keys in groups if keys),
        tuple(token for token in graph.tokens if token in names),
        tuple(edge for edge in graph.edges if edge.key in names and edge.token in names),
    )


def around(graph: Graph, centre: Collection[str]) -> Graph:
    """The part within two steps of ``centre``: its neighbours, and theirs."""
    near = {*centre, *_neighbours(graph, centre)}
    return only(graph, near | _neighbours(graph, near))


def centred(graph: Graph, name: str) -> Graph:
    """The same graph with ``name`` in the middle of its side; the others keep their order."""
    if name in graph.tokens:
        return replace(graph, tokens=_middle(graph.tokens, name))
    head = next((head for head, keys in graph.groups if name in keys), None)
    if head is None:
        return graph
    groups = {each: _middle(keys, name) if each == head else keys for each, keys in graph.groups}
    return replace(graph, groups=tuple((each, groups[each]) for each in _middle(tuple(groups), head)))


def path(graph: Graph, start: str, end: str) -> tuple[str, ...]:
    """The shortest way from one key or token to another over edges, both ends included; () where there is none."""
    came: dict[str, str] = {start: ""}
    front = [start]
    while front and end not in came:
        reached: list[str] = []
        for here in front:
            for there in _beside(graph, here):
                if there not in came:
                    came[there] = here
                    reached.append(there)
        front = reached
    steps: list[str] = []
    while end in came:
        steps.append(end)
        end = came[end]
    return tuple(reversed(steps))


def _neighbours(graph: Graph, names: Iterable[str]) -> set[str]:
    return {there for here in names for there in _beside(graph, here)}


def _beside(graph: Graph, name: str) -> list[str]:
    return [edge.token if edge.key == name else edge.key for edge in graph.edges_at(name)]


def _middle(items: tuple[str, ...], name: str) -> tuple[str, ...]:
    rest = [item for item in items if item != name]
    at = len(rest) // 2
    return (*rest[:at], name, *rest[at:])
