"""The guard's answer for a token."""

from datetime import datetime
from typing import NamedTuple

from keybound.domain.values.keys import is_context
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.sticky import Sticky


class Shown(NamedTuple):
    """A value as it may be shown: its text, or hidden because it may be a secret."""

    text: str
    hidden: bool = False

    @property
    def words(self) -> str:
        """The text, or that it is hidden."""
        return "hidden" if self.hidden else self.text


class Finding(NamedTuple):
    """Why a token is in its state.

    ``key``: the key it is about, or "" (time, definition, store). ``rule``: the rule in words, ``= false``.
    ``reaction``: what it does; ``state``: the state it leads to now. ``path`` and ``keypath``: the file and the place in it
    that a locator can turn into a line, unless the ``line`` is known. Of an expiry that was recorded before: ``then``, the
    value that left the bounds, ``since`` when (ISO 8601); ``path`` and ``line`` are of that time.
    """

    key: str
    rule: str
    reaction: Reaction
    state: State
    approved: Shown | None
    now: Shown | None
    message: str
    path: str = ""
    keypath: tuple[str, ...] = ()
    then: Shown | None = None
    since: str = ""
    line: int = 0


class Verdict(NamedTuple):
    """A state and the findings that explain it, worst first.

    ``expiry``: to be recorded, unless it is None; so is ``grace``: why one begins, "" where one is over.
    ``unsettled_ns``: the ctime of a file that must rest before its reading expires the token, or None.
    ``refresh_due``: a ``refresh`` reaction waits to run. ``changes_at``: the next moment at which time alone changes it.
    """

    id: TokenId
    state: State
    findings: tuple[Finding, ...]
    expiry: Sticky | None = None
    unsettled_ns: int | None = None
    refresh_due: bool = False
    grace: str | None = None
    changes_at: datetime | None = None

    @property
    def to_record(self) -> bool:
        """Whether something of it must be written before anything is released."""
        return self.expiry is not None or self.grace is not None

    @property
    def standing(self) -> State:
        """The state without context keys, whose findings hold for one caller and one moment: what may be remembered."""
        return max((finding.state for finding in self.findings if not is_context(finding.key)), default=State.ACTIVE)

    @property
    def why(self) -> str:
        """The first line that explains the state, or ""."""
        return self.findings[0].message if self.findings else ""
