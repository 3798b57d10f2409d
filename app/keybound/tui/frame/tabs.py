"""The table of all screens, in the order of their keys 1, 2, 3 …; the code of one is loaded when it is first opened."""

from collections.abc import Callable
from typing import NamedTuple

from keybound.custody.view_models.overview import Overview
from keybound.domain.registry import load
from keybound.tui.drift.count import outside_keys
from keybound.tui.frame.pane import Pane


class Tab(NamedTuple):
    """``place``: where its pane stands. ``count``: what is counted beside its name; 0 is not shown."""

    place: str
    count: Callable[[Overview], int] = lambda _: 0


TOKENS, PROFILE = "Tokens", "Profile"
TABS = {
    TOKENS: Tab("..tokens.pane:TokensPane"),
    "Map": Tab("..map.pane:MapPane"),
    PROFILE: Tab("..profile.pane:ProfilePane"),
    "Drift": Tab("..drift.pane:DriftPane", outside_keys),
    "Journal": Tab("..journal.pane:JournalPane"),
}
MOST = 9  # digits are their keys


def tab_names() -> list[str]:
    """The names in order."""
    return list(TABS)


def position(name: str) -> int:
    """Where a tab stands, from 0."""
    return tab_names().index(name)


def make_pane(at: int) -> Pane:
    """The pane of a tab, anew."""
    pane: Pane = load(TABS[tab_names()[at]].place, __package__)()
    return pane


def folders() -> list[str]:
    """The folders of the screens in this package: each has a style sheet of its name."""
    return [tab.place.split(".")[2] for tab in TABS.values() if tab.place.startswith("..")]
