"""How things stand, in one look."""

from typing import NamedTuple

from keybound.domain.verdict.states import State


class Attention(NamedTuple):
    """Something for the owner: a token's or a profile's id ("" for none), its state (None for none), and why."""

    id: str
    state: State | None
    why: str


class Status(NamedTuple):
    """One look. ``store``: its kind, "" for none yet; ``opened``: "open", "locked", "away" or "none", with a reason.

    ``profile`` is "" where none is in use; ``how`` says why this one, or why none. ``held``: this shell's variables with
    their tokens, "" for a plain one. ``hook``: the hooked shell this was called from, "" for none. ``watcher``: who
    watches: "watch" (a person's own watcher, also the application), "agent", "" for nobody. ``alerts``: how many are unseen.
    ``to_hook``: the line that hooks the person's shell, and its file; "" for none.
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
