"""A token as the screens show it: plain values without a secret, every text cleaned."""

from typing import NamedTuple

from keybound.custody.view_models.rotation import RotationView
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding, Shown


class BoundRow(NamedTuple):
    """One binding of a token: the key, its boundary in words and sign, the reading, and how it stands."""

    key: str
    group: str  # settings, flags, roles, files, this shell
    label: str  # the key as it is shown under its group: beta_writes, npmrc#registry
    rule: str  # "= false", "one of staging, dev"
    sign: str  # one character for the matrix: = ∈ ⊆ ~ ≡ ≤ ^
    outside: str  # the reaction's word
    approved: Shown | None
    now: Shown
    inside: bool | None  # None: unreadable
    state: State  # what this binding alone leads to
    path: str = ""  # the file it is read from
    line: int = 0  # 1-based, 0 where it is not known
    set_by: str = ""  # the variable that chose the value of a tool's key


class ReleaseRow(NamedTuple):
    """One release, for the detail panel: when (epoch seconds), way, program, pid, folder."""

    at: float
    way: str
    program: str
    pid: int
    folder: str


class UsageView(NamedTuple):
    """How a token was used, as the journal's index has it. ``times``: ever; ``first``: epoch seconds, None for never.

    ``days``: releases on each of the last days (UTC), oldest first, today last; ``programs``: the most used ones, unusual ones
    first, each with how often it got it and whether it is unusual.
    """

    times: int
    first: float | None
    days: tuple[int, ...]
    programs: tuple[tuple[str, int, bool], ...]


class TokenView(NamedTuple):
    """A token as the screens show it. Times are epoch seconds; None: never, or not known."""

    id: str
    profile: str
    name: str
    env: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]
    state: State
    since: float | None  # since when it is in a sticky state
    why: str
    findings: tuple[Finding, ...]
    bound: tuple[BoundRow, ...]
    expires_at: float | None
    lifetime: float | None  # seconds from sealing or refresh to expires_at
    last_released: float | None
    releases: tuple[ReleaseRow, ...]  # newest first, at most 200
    defined_at: str  # "staging.toml:24"
    inherited: bool
    claims: tuple[tuple[str, str], ...]  # decoded, not verified; empty where the secret is not a JWT
    stale: bool  # the store is away: last known state
    carries: tuple[tuple[str, str], ...] = ()  # what its provider said of it, or its verified signature vouches for
    unread: str = (
        ""  # why bounds, times and the rest are not known now: they are then empty, which says nothing of them
    )
    elsewhere: bool = False  # missing here: the state belongs to a home before this one
    rotation: RotationView = RotationView()
