"""What the map shows of one profile, or of all: its keys, its tokens, and how they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.graph import Edge, Graph, ordered

ALL = "*"  # in the place of a profile: all of them


@dataclass(frozen=True)
class KeyInfo:
    """A key with the rows that bind tokens to it, by token id.

    ``id``: its name in the graph, where keys of several profiles may have the same name. ``shown``: that as it is written.
    ``owner``: the profile file that it is read from, or "". ``table``: the table or file that it belongs to.
    """

    id: str
    shown: str
    owner: str
    table: str
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
        texts = ((key.label for key in keys), (key.value for key in keys), (self.title(token.id) for token in tokens))
        names, values, tokens_named = (max(map(len, each), default=0) for each in texts)
        return names, values, tokens_named

    def title(self, name: str) -> str:
        """A key or a token as it is named where nothing around it tells its profile."""
        if name in self.tokens:
            return name if self.profile == ALL else self.tokens[name].name
        return self.keys[name].shown if name in self.keys else name

    def owner_of(self, name: str) -> str:
        """The profile of a token, or of a key that is read from its file; "" for what belongs to none."""
        return self.tokens[name].profile if name in self.tokens else self.keys[name].owner

    def table_of(self, key: str) -> str:
        """The table or file that a key belongs to: settings, files kube, this shell."""
        return self.keys[key].table

    def search(self, needle: str) -> list[str]:
        """Keys and tokens with this in their names, in any case; a token's variables are names of it."""
        sought = needle.lower()
        keys = (key.id for key in self.keys.values() if sought in f"{key.shown} {key.label}".lower())
        tokens = (
            each.id for each in self.tokens.values() if sought in " ".join((self.title(each.id), *each.env)).lower()
        )
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
    """Gather a profile's keys and tokens, or those of :data:`ALL`: what two profiles read from one place is one key."""
    tokens = {token.id: token for token in overview.tokens if profile in (token.profile, ALL)}
    rows: dict[str, dict[str, BoundRow]] = {}
    for token in tokens.values():
        for row in token.bound:
            rows.setdefault(_place(row, token) if profile == ALL else row.key, {})[token.id] = row
    keys = {name: _info(name, bound, tokens, several=profile == ALL) for name, bound in rows.items()}
    return MapModel(profile, _graph(keys, tokens), keys, tokens)


def _place(row: BoundRow, token: TokenView) -> str:
    """What tells a key of one profile from that of another: where it is read."""
    if row.group == "files":
        return f"{row.path or token.profile}#{row.key.partition('#')[2]}"
    return f"{row.path or token.profile} {row.key}" if row.group in _OF_PROFILES else row.key


_OF_PROFILES = ("settings", "flags", "roles")


def _info(name: str, bound: Mapping[str, BoundRow], tokens: Mapping[str, TokenView], *, several: bool) -> KeyInfo:
    token, row = next(iter(bound.items()))
    values = {one.now.words for one in bound.values()}  # what a token carries is its own
    value = row.now.words if len(values) == 1 else "each its own"
    file = row.label.partition("#")[0]
    owner = tokens[token].profile
    if several and row.group in _OF_PROFILES:
        owner = row.path.rpartition("/")[2].removesuffix(".toml") or owner
        group = f"{owner} {row.group}"
        return KeyInfo(name, f"{owner} {row.key}", owner, group, row.key, group, row.label, value, bound)
    table = f"files {row.path if several else file}" if row.group == "files" else row.group
    return KeyInfo(name, row.key, "" if several else owner, table, row.key, row.group, row.label, value, bound)


def _graph(keys: Mapping[str, KeyInfo], tokens: Mapping[str, TokenView]) -> Graph:
    groups: dict[str, list[str]] = {}
    for key in keys.values():
        groups.setdefault(key.group, []).append(key.id)
    edges = tuple(
        Edge(key.id, name, None if row.inside else row.state) for key in keys.values() for name, row in key.rows.items()
    )
    return Graph(tuple((head, tuple(names)) for head, names in groups.items()), tuple(tokens), edges)
