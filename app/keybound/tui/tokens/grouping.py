"""The tokens of an overview by profile, in order: worked out once, whatever is typed into the filter."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from keybound.custody.view_models.overview import Overview, ProfileView
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.canvas import Later
from keybound.tui.frame.once import OncePer
from keybound.tui.styled_text import Line
from keybound.tui.tokens.filtering import hay_of
from keybound.tui.words import tally

SORTS: tuple[tuple[str, Callable[[TokenView], tuple[object, ...]]], ...] = (
    ("state", lambda token: (-_gravity(token.state), token.name)),
    ("name", lambda token: (token.name,)),
    ("time left", lambda token: (token.expires_at is None, token.expires_at or 0.0, token.name)),
    ("last use", lambda token: (-(token.last_released or 0.0), token.name)),
)


def _gravity(state: State) -> int:
    """How much a state asks for attention: a missing token, often only inherited, asks for less than a lost one."""
    return {
        State.MISSING: 1,
        State.WARNING: 2,
        State.SUSPENDED: 3,
        State.UNAPPROVED: 4,
        State.EXPIRED: 5,
    }.get(state, 0)


class Group(NamedTuple):
    """A profile's part of the table. ``view`` is None where a lost token is all that is known of it."""

    profile: str
    view: ProfileView | None
    tokens: Sequence[TokenView]
    lost: Sequence[str]
    counts: Sequence[tuple[State, int]]


def _groups(overview: Overview) -> list[Group]:
    """The profile in use first; profiles without tokens too, where they ask for something or are in use."""
    tokens: dict[str, list[TokenView]] = {}
    for token in overview.tokens:
        tokens.setdefault(token.profile, []).append(token)
    lost: dict[str, list[str]] = {}
    for id_ in overview.orphans:
        lost.setdefault(id_.partition("/")[0], []).append(id_)
    views = {each.name: each for each in overview.profiles}
    asking = [name for name, each in views.items() if each.unapproved_parts or each.fault or name == overview.active]
    names = dict.fromkeys([*tokens, *asking, *lost])
    made = [_group(name, views.get(name), tokens.get(name, ()), lost.get(name, ())) for name in names]
    return sorted(made, key=lambda each: each.profile != overview.active)


def _group(name: str, view: ProfileView | None, tokens: Sequence[TokenView], lost: Sequence[str]) -> Group:
    return Group(name, view, tokens, lost, tally(tokens))


groups = OncePer(_groups)


class Row(NamedTuple):
    """A token, what letters are looked for in, and its entry in the list."""

    token: TokenView
    hay: str
    entry: tuple[str, Later]


class Ordered:
    """The rows of each group in the order of a sort, made once for an overview and an order. ``make``: a token's line."""

    def __init__(self, make: Callable[[TokenView], Line]) -> None:
        self._line = make
        self._of: Sequence[Group] = ()
        self._sort = -1
        self._made: Sequence[tuple[Group, Sequence[Row]]] = ()

    def __call__(self, overview: Overview, sort: int) -> Sequence[tuple[Group, Sequence[Row]]]:
        """Each group with its rows, as ``SORTS`` numbers the orders."""
        found = groups(overview)
        if found is not self._of or sort != self._sort:
            order = SORTS[sort][1]
            self._of, self._sort = found, sort
            self._made = [(each, [self._row(token) for token in sorted(each.tokens, key=order)]) for each in found]
        return self._made

    def _row(self, token: TokenView) -> Row:
        return Row(token, hay_of(token), (token.id, Later(partial(self._line, token))))
