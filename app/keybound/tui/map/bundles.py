"""What is drawn as one line where a map is too large: a bundle of tokens, or of keys.

A bundle has a line to whatever one of its members is bound to, in the worst state of theirs. An opened one has none: it
stands above its members, which may be bundles again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from keybound.tui.map.graph import Edge, Graph, ordered

Parts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Bundled:
    """``graph`` is what is drawn. ``parts``: every bundle, open or not, shown or not, with what it directly holds."""

    graph: Graph
    parts: Parts
    opened: Collection[str]

    @cached_property
    def home(self) -> Mapping[str, str]:
        """For each key, token and bundle what is drawn for it: itself, or the closed bundle that it is in."""
        found: dict[str, str] = {}
        for name in (*self.graph.keys, *self.graph.tokens):
            found[name] = name
            if name in self.parts and name not in self.opened:
                found |= dict.fromkeys(self._inside(name), name)
        return found

    @cached_property
    def holder(self) -> Mapping[str, str]:
        """The bundle that directly holds a key, a token or a bundle."""
        return {each: name for name, held in self.parts.items() for each in held}

    def members(self, name: str) -> list[str]:
        """The keys or tokens of a bundle, those of inner bundles included; else the thing itself."""
        return [each for each in self._inside(name) if each not in self.parts]

    def way_in(self, name: str) -> list[str]:
        """The bundles that have to be open for something to be drawn, the outermost first."""
        found: list[str] = []
        while name := self.holder.get(name, ""):
            found.append(name)
        return found[::-1]

    def _inside(self, name: str) -> Iterable[str]:
        if name not in self.parts:
            yield name
        for each in self.parts.get(name, ()):
            if each in self.parts:
                yield each
            yield from self._inside(each)


@dataclass(frozen=True)
class Bundling:
    """How a graph is bundled. ``closed`` is it with every bundle closed, in the order in which it is drawn."""

    graph: Graph
    closed: Graph
    parts: Parts

    def opened(self, opened: Collection[str]) -> Bundled:
        """The graph with what some bundles hold below each of them; nothing else changes its place."""
        if not any(name in self.parts for name in opened):
            return Bundled(self.closed, self.parts, ())
        groups = tuple((head, _opened(keys, self.parts, opened)) for head, keys in self.closed.groups)
        tokens = _opened(self.closed.tokens, self.parts, opened)
        shown = Bundled(Graph(groups, tokens, ()), self.parts, opened)
        return Bundled(Graph(groups, tokens, _joined(self.graph.edges, shown.home)), self.parts, opened)


def bundling(
    graph: Graph,
    rows: int,
    table_of: Callable[[str], str],
    alone: Collection[str] = (),
    order: Callable[[Graph], Graph] = ordered,
    owner_of: Callable[[str], str] | None = None,
) -> Bundling:
    """Bundle as much as makes the map fit ``rows``, by steps; what is ``alone`` is never put into a bundle.

    First tokens bound to the same keys; then keys of one file or table (``table_of``); then tokens bound to the same of
    these; then whatever belongs to one profile (``owner_of``). Where even that does not fit, it stays with that.
    """
    closed = graph
    parts: Parts = {}
    for by_table in (False, True, False):
        if fits(closed, rows):
            break
        made = _tables(closed, table_of, alone) if by_table else _same_tokens(closed, alone)
        parts = {**parts, **made}
        closed = _closed(closed, made)
    if owner_of is not None and not fits(closed, rows):
        made = _owned(closed, parts, owner_of, alone)
        parts = {**parts, **made}
        closed = _closed(closed, made)
    return Bundling(graph, order(closed), parts)


def fits(graph: Graph, rows: int) -> bool:
    """Whether keys with their headings, and tokens of two rows each, are within ``rows``."""
    return max(len(graph.keys) + len(graph.groups), 2 * len(graph.tokens)) <= rows


def _same_tokens(graph: Graph, alone: Collection[str]) -> Parts:
    sets: dict[tuple[str, ...], list[str]] = {}
    for token in graph.tokens:
        if token not in alone:
            sets.setdefault(tuple(sorted(set(graph.keys_of(token)))), []).append(token)
    return {"=" + "\n".join(keys): tuple(tokens) for keys, tokens in sets.items() if len(tokens) > 1}


def _tables(graph: Graph, table_of: Callable[[str], str], alone: Collection[str]) -> Parts:
    tables: dict[str, list[str]] = {}
    for key in graph.keys:
        if key not in alone:
            tables.setdefault(table_of(key), []).append(key)
    return {f"#{table}": tuple(keys) for table, keys in tables.items() if len(keys) > 1}


def _owned(graph: Graph, parts: Parts, owner_of: Callable[[str], str], alone: Collection[str]) -> Parts:
    """The tokens of each profile, and its keys; what belongs to none, or to several, is left as it is."""
    inside = Bundled(graph, parts, ())
    owned: dict[str, list[str]] = {}
    for kind, names in (("keys", graph.keys), ("tokens", graph.tokens)):
        for name in names:
            owners = {owner_of(each) for each in inside.members(name)}
            if name not in alone and len(owners) == 1 and owners != {""}:
                owned.setdefault(f"@{kind} {owners.pop()}", []).append(name)
    return {name: tuple(held) for name, held in owned.items() if len(held) > 1}


def _closed(graph: Graph, parts: Parts) -> Graph:
    """The graph with each of these bundles in the place of what it holds."""
    home = {each: name for name, held in parts.items() for each in held}
    groups = tuple((head, _once(home.get(key, key) for key in keys)) for head, keys in graph.groups)
    return Graph(groups, _once(home.get(token, token) for token in graph.tokens), _joined(graph.edges, home))


def _opened(names: Sequence[str], parts: Parts, opened: Collection[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        found.append(name)
        if name in opened and name in parts:
            found += _opened(parts[name], parts, opened)
    return tuple(found)


def _joined(edges: Iterable[Edge], home: Mapping[str, str]) -> tuple[Edge, ...]:
    """The edges between what is drawn for their ends, one where there were several, in the worst state of these."""
    worst: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        ends = home.get(edge.key, edge.key), home.get(edge.token, edge.token)
        before = worst.get(ends)
        if before is None or _level(edge) > _level(before):
            worst[ends] = edge if ends == edge[:2] else Edge(*ends, edge.state)
    return tuple(worst.values())


def _level(edge: Edge) -> int:
    return -1 if edge.state is None else edge.state


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
