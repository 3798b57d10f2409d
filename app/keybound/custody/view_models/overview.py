"""Everything that the frame and the lists need, from one evaluation."""

from typing import NamedTuple

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State


class ProfileView(NamedTuple):
    """A profile as the screens show it; ``fault`` is the one line that says why it cannot be read."""

    name: str
    path: str
    extends: str
    description: str
    children: tuple[str, ...]
    fault: str
    env: tuple[str, ...]  # names of plain variables
    unapproved_parts: tuple[str, ...]  # "env", "grants"
    flags: tuple[tuple[str, bool, bool], ...]  # name, now, own (False: inherited)
    roles: tuple[tuple[str, bool], ...]  # every role that is granted or active, and whether it is active


class EventView(NamedTuple):
    """One line of the journal."""

    seq: int
    at: float
    kind: str  # added, approved, released, expired, …
    id: str
    by: str  # program (pid) folder
    text: str  # what happened, in words
    state: State | None  # the state it led to, for the glyph


class AlertView(NamedTuple):
    """An alert as the screens show it. ``line``: what it says; ``state``: the state it is about, for the glyph.

    ``over``: it no longer holds.
    """

    number: int
    at: float
    line: str
    state: State | None
    over: bool
    seen: bool


class Overview(NamedTuple):
    """Everything the frame and the lists need, from one evaluation."""

    profiles: tuple[ProfileView, ...]
    tokens: tuple[TokenView, ...]
    active: str  # the profile in use here, "" where none
    pinned: bool  # by this shell
    store: str  # keyring or file
    store_status: str  # open, locked, away; none: it has yet to be chosen, or its files are not there
    watched: tuple[str, ...]
    orphans: tuple[str, ...]
    notes: tuple[str, ...]  # lines that the owner should read: a broken journal, a state begun anew
    made_as: str = ""  # the configuration folder of the home that this state belongs to, where it is another one
    alerts: int = 0  # how many are unseen
    rings: bool = False  # whether an alert rings the terminal's bell now
