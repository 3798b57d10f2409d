"""How things stand, in one look."""

from datetime import datetime
from typing import NamedTuple

from keybound.domain.text.counts import plural
from keybound.domain.verdict.states import State


class Attention(NamedTuple):
    """Something for the owner: a token's or a profile's id ("" for none), its state (None for none), and why."""

    id: str
    state: State | None
    why: str


class LastBackup(NamedTuple):
    """``at``: when it was made, None for never; ``tokens``: how many it held; ``missing``: how many there are that it lacks."""

    at: datetime | None
    tokens: int
    missing: int

    @property
    def is_wanting(self) -> bool:
        """Whether there is a token that no backup holds."""
        return self.missing > 0

    def words(self, now: datetime) -> str:
        """One line for a person."""
        if self.at is None:
            return "no backup yet: keybound backup FILE"
        days = (now - self.at).days
        age = "today" if days < 1 else f"{plural(days, 'day')} ago"
        since = (
            f"; {plural(self.missing, 'token')} added or changed since: keybound backup FILE" if self.missing else ""
        )
        return f"made {age}, with {plural(self.tokens, 'token')}{since}"


class Status(NamedTuple):
    """One look. ``store``: its kind, "" for none yet; ``opened``: "open", "locked", "away" or "none", with a reason.

    ``profile`` is "" where none is in use; ``how`` says why this one, or why none. ``held``: this shell's variables with
    their tokens, "" for a plain one. ``hook``: the hooked shell this was called from, "" for none. ``watcher``: who
    watches: "watch" (a person's own watcher, also the application), "agent", "" for nobody. ``alerts``: how many are unseen.
    ``to_hook``: the line that hooks the person's shell, and its file; "" for none. ``backup``: None where there is no token.
    """

    store: str
    opened: str
    reason: str
    profile: str
    how: str
    held: dict[str, str]
    attention: tuple[Attention, ...]
    hook: str
    watcher: str
    alerts: int
    to_hook: tuple[str, str] = ("", "")
    backup: LastBackup | None = None
