"""Where a person is on the map of a profile: what is opened, what the focus is on, how one came there, what is marked."""

from typing import NamedTuple

from keybound.tui.map.model import MapModel
from keybound.tui.map.neighbours import path
from keybound.tui.map.scene import Viewpoint


class Stop(NamedTuple):
    """A place to come back to: what the focus was on, what was lit, and the first row that was seen."""

    centre: tuple[str, ...]
    lit: str
    row: int


class Visit:
    """``centre``: keys or tokens that the focus is on. ``marks``: at most two, between which a path is shown."""

    def __init__(self) -> None:
        self.opened: frozenset[str] = frozenset()
        self.centre: tuple[str, ...] = ()
        self.trail: list[Stop] = []
        self.marks: tuple[str, ...] = ()
        self.way: tuple[str, ...] = ()

    def viewpoint(self, model: MapModel, rows: int) -> Viewpoint:
        """What is to be drawn of a model, bundled beyond so many rows; what is gone from it is forgotten."""
        here = model.keys.keys() | model.tokens.keys()
        self.marks = tuple(name for name in self.marks if name in here)
        self.way = path(model.graph, *self.marks) if len(self.marks) == 2 else ()
        self.centre = tuple(name for name in self.centre if name in here)
        return Viewpoint(model, rows, self.centre, self.opened)

    def toggle(self, bundle: str) -> None:
        """Open a bundle, or close it."""
        self.opened ^= {bundle}

    def focus(self, centre: tuple[str, ...], lit: str, row: int) -> None:
        """Put the focus on something; the way back leads to what is lit now."""
        self.trail.append(Stop(self.centre, lit, row))
        self.centre, self.marks, self.way = centre, (), ()

    def back(self) -> Stop | None:
        """Go back to where the focus was before; None where there is none."""
        if not self.trail:
            return None
        stop = self.trail.pop()
        self.centre = stop.centre
        return stop

    def leave(self) -> None:
        """Take the focus off whatever it is on."""
        self.centre, self.trail = (), []

    def mark(self, name: str) -> None:
        """Mark an end of a path, or take the mark away; a third one begins anew."""
        if name in self.marks:
            self.marks = tuple(each for each in self.marks if each != name)
        else:
            self.marks = (*self.marks, name) if len(self.marks) < 2 else (name,)

    def unmark(self) -> bool:
        """Take all marks away; False: there was none."""
        had, self.marks, self.way = bool(self.marks), (), ()
        return had
