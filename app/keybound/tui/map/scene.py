"""What the map draws of a model: all of it, or what stands around something; bundled where that is large."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from keybound.domain.verdict.states import State
from keybound.tui.map.bundles import Bundled, Bundling, bundling
from keybound.tui.map.graph import Graph, ordered
from keybound.tui.map.model import ALL, MapModel
from keybound.tui.map.neighbours import around, centred, only
from keybound.tui.words import plural


@dataclass(frozen=True, eq=False)
class BundleInfo:
    """A bundle: its keys or tokens, whether it is open, the worst state in it, and how many of them are outside.

    ``title``: what it is: 14 tokens of staging, 90 keys of settings. ``names``: its members as they are called.
    """

    name: str
    title: str
    members: tuple[str, ...]
    names: tuple[str, ...]
    opened: bool
    state: State
    outside: int


@dataclass(frozen=True, eq=False)
class Scene:
    """A model with what is drawn of it."""

    model: MapModel
    drawn: Bundled

    @property
    def graph(self) -> Graph:
        """What is drawn, bundles among it."""
        return self.drawn.graph

    @cached_property
    def tokens(self) -> Collection[str]:
        """What stands among the tokens."""
        return frozenset(self.graph.tokens)

    @cached_property
    def bundles(self) -> Mapping[str, BundleInfo]:
        """Every bundle that is drawn."""
        named = (*self.graph.keys, *self.graph.tokens)
        return {name: self._info(name) for name in named if name in self.drawn.parts}

    @cached_property
    def keys_here(self) -> tuple[str, ...]:
        """The keys that are drawn, in bundles or not."""
        return tuple(name for name in self.model.keys if name in self.drawn.home)

    @cached_property
    def tokens_here(self) -> tuple[str, ...]:
        """The tokens that are drawn, in bundles or not."""
        return tuple(name for name in self.model.tokens if name in self.drawn.home)

    def home(self, name: str) -> str:
        """What is drawn for a key, token or bundle: itself, or the closed bundle that it is in; "" where nothing is."""
        return self.drawn.home.get(name, "")

    def alone(self, names: Collection[str]) -> "Scene":
        """Only these keys and tokens, and no bundles."""
        return Scene(self.model, Bundled(ordered(only(self.model.graph, names)), {}, ()))

    def _info(self, name: str) -> BundleInfo:
        members = tuple(self.drawn.members(name))
        if name in self.tokens:
            tokens = [self.model.tokens[each] for each in members]
            states, outside = (
                [token.state for token in tokens],
                sum(each in self.model.tokens_outside for each in members),
            )
        else:
            keys = [self.model.keys[each] for each in members]
            states, outside = [key.state for key in keys], sum(key.outside for key in keys)
        names = tuple(map(self.model.title, members))
        title = self._title(name, members)
        return BundleInfo(name, title, members, names, name in self.drawn.opened, max(states), outside)

    def _title(self, name: str, members: Sequence[str]) -> str:
        model, token = self.model, name in self.tokens
        count = plural(len(members), "token" if token else "key")
        owners = {model.owner_of(each) for each in members}
        if token:
            return f"{count} of {owners.pop()}" if len(owners) == 1 else f"{count} of {plural(len(owners), 'profile')}"
        tables = {model.table_of(each) for each in members}
        table = tables.pop() if len(tables) == 1 else owners.pop()
        return f"{count} of {'/'.join(table.removeprefix('files ').split('/')[-2:])}"


@dataclass(frozen=True)
class Viewpoint:
    """What a person asked to see: everything, or what stands around ``centre``; and which bundles are open.

    ``rows``: of more than that, what is equal is bundled.
    """

    model: MapModel
    rows: int
    centre: tuple[str, ...] = ()
    opened: frozenset[str] = frozenset()

    def bundling(self) -> Bundling:
        """How it is bundled; which bundles are open plays no part in it."""
        graph = around(self.model.graph, self.centre) if self.centre else self.model.graph
        alone = self.centre if len(self.centre) == 1 else ()  # a file's keys may be too many to stand alone
        owner = self.model.owner_of if self.model.profile == ALL else None
        return bundling(graph, self.rows, self.model.table_of, alone, self._order, owner)

    def scene(self, bundling: Bundling) -> Scene:
        """What is drawn of it."""
        return Scene(self.model, bundling.opened(self.opened))

    def _order(self, graph: Graph) -> Graph:
        return centred(ordered(graph), self.centre[0]) if len(self.centre) == 1 else ordered(graph)
