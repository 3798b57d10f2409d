"""What the map shows of one profile: its keys, its tokens, and how they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.graph import Edge, Graph, ordered


@dataclass(frozen=True)
class KeyInfo:
    """A key with the rows that bind tokens to it, by token id."""

    key: str
    group: str
    label: str
    value: str
    rows: Mapping[str, BoundRow]

    @cached_property
    def worst(self) -> BoundRow:
        """The row that says most: outside before inside, the graver state first."""
        return max(self.rows.values(), key=lambda row: (row.inside is not True, row.state))

    @property
    def outside(self) -> bool:
        """Whether some token finds the key outside, or cannot read it."""
        return self.worst.inside is not True

    @property
    def state(self) -> State:
        """The worst that the key leads to."""
        return self.worst.state


MOST_SORTED = 3_000  # edges; the order of more is that of the profile


@dataclass(frozen=True, eq=False)
class MapModel:
    """One profile's graph with what is written at its ends. ``graph``: in the order of the profile."""

    profile: str
    graph: Graph
    keys: Mapping[str, KeyInfo]
    tokens: Mapping[str, TokenView]

    @cached_property
    def unread(self) -> str:
        """Why the bounds of some token are not known now, or ""."""
        return next((token.unread for token in self.tokens.values() if token.unread), "")

    @cached_property
    def sorted(self) -> Graph:
        """The graph with what belongs together near each other."""
        return ordered(self.graph) if len(self.graph.edges) <= MOST_SORTED else self.graph

    @cached_property
    def tokens_outside(self) -> frozenset[str]:
        """Tokens of which some reading is outside, or not known."""
        return frozenset(
            name for name, token in self.tokens.items() if any(row.inside is not True for row in token.bound)
        )

    @cached_property
    def longest(self) -> tuple[int, int, int]:
        """Cells of the longest name and value of a key, and of the longest name of a token."""
        keys, tokens = self.keys.values(), self.tokens.values()
        texts = ((key.label for key in keys), (key.value for key in keys), (token.name for token in tokens))
        names, values, tokens_named = (max(map(len, each), default=0) for each in texts)
        return names, values, tokens_named

    def table_of(self, key: str) -> str:
        """The table or file that a key belongs to: settings, files kube, this shell."""
        info = self.keys[key]
        return f"{info.group} {info.label.partition('#')[0]}" if info.group == "files" else info.group

    def search(self, needle: str) -> list[str]:
        """Keys and tokens with this in their names, in any case; a token's variables are names of it."""
        sought = needle.lower()
        keys = (key.key for key in self.keys.values() if sought in f"{key.key} {key.label}".lower())
        tokens = (each.id for each in self.tokens.values() if sought in " ".join((each.name, *each.env)).lower())
        return [*keys, *tokens] if sought else []

    def keys_of(self, token: str) -> list[KeyInfo]:
        """The keys that a token is bound to, in the order of the map."""
        return self._by_token.get(token, [])

    @cached_property
    def _by_token(self) -> Mapping[str, list[KeyInfo]]:
        found: dict[str, list[KeyInfo]] = {}
        for key in self.keys.values():
            for token in key.rows:
                found.setdefault(token, []).append(key)
        return found

    @cached_property
    def outside(self) -> list[KeyInfo]:
        """Keys that are outside, the gravest first."""
        return sorted((key for key in self.keys.values() if key.outside), key=lambda key: -key.state)


def model_of(overview: Overview, profile: str) -> MapModel:
    """Gather a profile's keys and tokens."""
    tokens = {token.id: token for token in overview.tokens if token.profile == profile}
    rows: dict[str, dict[str, BoundRow]] = {}
    for token in tokens.values():
        for row in token.bound:
            rows.setdefault(row.key, {})[token.id] = row
    keys = {key: _info(key, bound) for key, bound in rows.items()}
    return MapModel(profile, _graph(keys, tokens), keys, tokens)


def _info(key: str, bound: Mapping[str, BoundRow]) -> KeyInfo:
    row = next(iter(bound.values()))
    values = {one.now.words for one in bound.values()}  # what a token carries is its own
    return KeyInfo(key, row.group, row.label, row.now.words if len(values) == 1 else "each its own", bound)


def _graph(keys: Mapping[str, KeyInfo], tokens: Mapping[str, TokenView]) -> Graph:
    groups: dict[str, list[str]] = {}
    for key in keys.values():
        groups.setdefault(key.group, []).append(key.key)
    edges = tuple(
        Edge(key.key, name, None if row.inside else row.state)
        for key in keys.values()
        for name, row in key.rows.items()
    )
    return Graph(tuple((head, tuple(names)) for head, names in groups.items()), tuple(tokens), edges)
