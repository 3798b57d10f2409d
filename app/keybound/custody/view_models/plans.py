"""What a change, an approval or a switch would do, and what was typed and not saved."""

from typing import NamedTuple

from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding


class PlanRow(NamedTuple):
    """What a change would do to one token."""

    id: str
    before: State
    after: State
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    findings: tuple[Finding, ...]
    lines: tuple[int, ...]  # of the proposed text: one a finding (0: elsewhere), then others that the change stands on
    needs_approval: bool  # the definition itself changes and is sealed by saving
    back: tuple[tuple[str, int], ...] = ()  # keys that are inside again, each with its line


class PlanView(NamedTuple):
    """What a change would do. ``fault``: why the proposed text cannot be read (with line), else ""."""

    rows: tuple[PlanRow, ...]  # only those whose state, scopes or definition change
    unchanged: tuple[tuple[str, State], ...]
    fault: str
    fault_line: int
    parts: tuple[str, ...]  # profile parts that saving seals: "env", "grants"
    stays: tuple[PlanRow, ...] = ()  # tokens with a key that is inside again, and whose state does not change by that
    expected: int = 0  # how many states the profile's [[expect]] scenarios name
    problems: tuple[str, ...] = ()  # what `check` would say of the proposed text: policy and scenarios


class ProfileChange(NamedTuple):
    """A change of a profile's text that the application made. ``said``: what it was; ``at``: epoch seconds."""

    profile: str
    said: str
    at: float
    before: str
    after: str


class ApprovalView(NamedTuple):
    """What approving a token would accept; or, where ``id`` is a profile's name, what of its own part.

    ``before`` and ``after``: the state now and as it would be, None for a part. ``lines``: the definition's difference.
    """

    id: str
    before: State | None
    after: State | None
    why: str  # why it is in its state
    lines: tuple[str, ...]
    readings: tuple[BoundRow, ...]  # approved as they are now
    digest: str  # of exactly this snapshot
    obstacle: str  # why it cannot be approved, or ""
    parts: tuple[str, ...] = ()  # of a profile: "env", "grants"
    former: bool = True  # what was approved before is known; where not, ``lines`` are the whole definition
    findings: tuple[Finding, ...] = ()


class PutBack(NamedTuple):
    """A profile's text before and after a key is set back to its approved value; ``said``: ``flags.beta = false``."""

    profile: str
    before: str
    after: str
    said: str


class Adoption(NamedTuple):
    """What adopting would write: the profile's text before and after, and the definition as lines for a person."""

    before: str
    text: str
    lines: tuple[str, ...]


class SavedDraft(NamedTuple):
    """Text of a profile that was typed and not saved. ``base``: the file's text that it began with, None: there was none."""

    profile: str
    text: str
    base: str | None
    at: float


class SwitchView(NamedTuple):
    """What arrives, changes and leaves when the profile is switched."""

    target: str
    arrives: tuple[str, ...]
    changes: tuple[str, ...]
    leaves: tuple[str, ...]
    withheld: tuple[tuple[str, State, str], ...]  # token name, state, why
