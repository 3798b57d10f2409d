"""What left its bounds, gathered by key."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keybound.custody.view_models.overview import EventView, Overview, ProfileView
from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.keys import CARRIED
from keybound.domain.verdict.states import State
from keybound.tui.frame.once import OncePer
from keybound.tui.tokens.reasons import recorded


class Drift(NamedTuple):
    """A key that is outside in one profile, and the tokens it hits, the gravest first. ``at``: when it was noted."""

    profile: str
    key: str
    row: BoundRow
    hits: tuple[tuple[TokenView, BoundRow], ...]
    at: float | None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        own = f" {self.hits[0][0].id}" if self.row.group == CARRIED else ""
        return f"{self.profile} {self.key}{own}"

    @property
    def state(self) -> State:
        """The worst state it leads to."""
        return self.row.state


def is_own(drift: Drift) -> bool:
    """Whether the key stands in a profile's file."""
    return drift.row.group in ("settings", "flags", "roles", "env")


def ends(drift: Drift) -> tuple[str, str]:
    """The approved value and the present one, in words."""
    row = drift.row
    before = "not known" if row.approved is None else row.approved.words
    return before, "cannot be read" if row.inside is None else row.now.words


def matching(found: Sequence[Drift], needle: str) -> list[Drift]:
    """Those that have every word of a filter: in key, profile, values, tokens or state."""
    words = needle.lower().split()
    return [drift for drift in found if all(word in _text(drift) for word in words)]


def _text(drift: Drift) -> str:
    tokens = " ".join(token.id for token, _ in drift.hits)
    return " ".join((drift.key, drift.profile, drift.state.word, *ends(drift), tokens)).lower()


def drifts(overview: Overview, events: Sequence[EventView] = ()) -> list[Drift]:
    """Keys that are outside: the profile in use first, then by gravity. What a token carries is its own matter."""
    told: dict[str, list[EventView]] = {}
    for event in events:
        told.setdefault(event.id, []).append(event)
    made = [_drift(profile, key, found, told) for (profile, key, _), found in _hits(overview).items()]
    return sorted(made, key=lambda drift: (drift.profile != overview.active, -drift.state, drift.key))


def _gathered(overview: Overview) -> Mapping[tuple[str, str, str], list[tuple[TokenView, BoundRow]]]:
    """By profile, key and, for what a token carries, token."""
    hits: dict[tuple[str, str, str], list[tuple[TokenView, BoundRow]]] = {}
    for token in overview.tokens:
        for row in token.bound:
            if row.inside is not True:
                own = token.id if row.group == CARRIED else ""
                hits.setdefault((token.profile, row.key, own), []).append((token, row))
    return hits


_hits = OncePer(_gathered)


def _drift(
    profile: str, key: str, hits: list[tuple[TokenView, BoundRow]], told: Mapping[str, Sequence[EventView]]
) -> Drift:
    ordered = sorted(hits, key=lambda hit: -hit[1].state)
    noted = [event.at for token, _ in hits for event in told.get(token.id, ()) if key in event.text]
    since = [token.since for token, _ in hits if token.since is not None]
    return Drift(profile, key, ordered[0][1], tuple(ordered), max(noted or since, default=None))


def others(overview: Overview) -> list[TokenView]:
    """Tokens that ask for attention for more than a key that is outside: unapproved, expired before, due soon, a scope."""
    return [
        token
        for token in overview.tokens
        if token.state not in (State.ACTIVE, State.MISSING)
        and (recorded(token.findings) is not None or all(row.inside is True for row in token.bound))
    ]


def parts(overview: Overview) -> list[ProfileView]:
    """Profiles whose own ``[env]`` or grants are not approved, the one in use first."""
    found = [profile for profile in overview.profiles if profile.unapproved_parts]
    return sorted(found, key=lambda profile: profile.name != overview.active)


def settled(events: Sequence[EventView], since: float) -> list[EventView]:
    """What was put right since a moment, newest first."""
    kinds = {EventKind.APPROVED, EventKind.REFRESHED}
    return [event for event in events if event.kind in kinds and event.at >= since]
