"""What became of an action."""

from typing import NamedTuple


class Done(NamedTuple):
    """What became of one of several: ``fault`` says why nothing was done to it, or ""."""

    id: str
    fault: str


class Outcome(NamedTuple):
    """What an action did, as one line for a toast; ``ok`` False: refused, and nothing was changed."""

    ok: bool
    text: str
