"""Keys, tokens and the edges between them, and the order in which they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from keybound.domain.verdict.states import State


class Edge(NamedTuple):
    """One binding. ``state``: None while the reading is inside, else what it leads to."""

    key: str
    token: str
    state: State | None = None


@dataclass(frozen=True)
class Graph:
    """Groups of keys, each with its heading, tokens, and what binds them."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    tokens: tuple[str, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return tuple(key for _, keys in self.groups for key in keys)

    def keys_of(self, token: str) -> tuple[str, ...]:
        """The keys that a token is bound to."""
        return tuple(edge.key for edge in self.edges_at(token))

    def tokens_of(self, key: str) -> tuple[str, ...]:
        """The tokens that are bound to a key."""
        return tuple(edge.token for edge in self.edges_at(key))

    def edges_at(self, name: str) -> Sequence[Edge]:
        """The edges of a key or of a token."""
        return self._ends.get(name, ())

    @cached_property
    def _ends(self) -> Mapping[str, list[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.key, []).append(edge)
            found.setdefault(edge.token, []).append(edge)
        return found


_SWEEPS = 4


def ordered(graph: Graph) -> Graph:
    """Order groups, the keys in them and tokens by barycentre, so that few lines cross."""
    for _ in range(_SWEEPS):
        graph = _tokens_ordered(graph)
        graph = _groups_ordered(graph)
    return _tokens_ordered(graph)


def _tokens_ordered(graph: Graph) -> Graph:
    place = {key: at for at, key in enumerate(graph.keys)}
    return replace(graph, tokens=_by_centre(graph.tokens, _links(graph, by_token=True), place))


def _groups_ordered(graph: Graph) -> Graph:
    place = {token: at for at, token in enumerate(graph.tokens)}
    links = _links(graph, by_token=False)
    groups = {head: _by_centre(keys, links, place) for head, keys in graph.groups}
    pooled = {head: [token for key in keys for token in links.get(key, ())] for head, keys in groups.items()}
    return replace(graph, groups=tuple((head, groups[head]) for head in _by_centre(tuple(groups), pooled, place)))


def _links(graph: Graph, *, by_token: bool) -> Mapping[str, list[str]]:
    links: dict[str, list[str]] = {}
    for edge in graph.edges:
        here, there = (edge.token, edge.key) if by_token else (edge.key, edge.token)
        links.setdefault(here, []).append(there)
    return links


def _by_centre(items: Sequence[str], links: Mapping[str, Iterable[str]], place: Mapping[str, int]) -> tuple[str, ...]:
    def centre(at: int) -> float:
        places = [place[other] for other in links.get(items[at], ())]
        return sum(places) / len(places) if places else float(len(place))

    return tuple(items[at] for at in sorted(range(len(items)), key=lambda at: (centre(at), at)))
