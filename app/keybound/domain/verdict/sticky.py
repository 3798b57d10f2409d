"""What stays of an expiry until its owner acts: what it was, also after the value was put back."""

from typing import NamedTuple

from keybound.domain.text.compact_json import dumps, loads

EXPIRED, GRACE = "expired", "grace"


class Sticky(NamedTuple):
    """``expired`` until the owner acts, or a ``grace`` that runs; why, and since when (ISO 8601, "" where not known).

    ``key``, ``rule``, ``reaction``, ``approved``: the binding that was left, in words; ``then``: the value at that time, as
    it may be shown; ``path`` and ``line``: where it stood. All of them are empty where the expiry has no key, and in
    envelopes of before they were kept.
    """

    state: str
    why: str
    at: str
    key: str = ""
    rule: str = ""
    reaction: str = ""
    approved: str = ""
    then: str = ""
    path: str = ""
    line: int = 0

    def fields(self) -> dict[str, object]:
        """What is written of it: no empty field beyond the first three."""
        first = {"state": self.state, "why": self.why, "at": self.at}
        return first | {name: value for name, value in self._asdict().items() if value and name not in first}


def pending_text(sticky: Sticky) -> str:
    """An expiry as the state keeps it while the store is away."""
    return dumps(sticky.fields())


def from_pending(text: str) -> Sticky | None:
    """The expiry that the state keeps; None where it keeps none. Before, only the reason was kept."""
    if not text:
        return None
    if text.startswith("{"):
        try:
            return Sticky(**loads(text))
        except (ValueError, TypeError):
            pass
    return Sticky(EXPIRED, text, "")


def stuck(sticky: Sticky | None, pending: str) -> Sticky | None:
    """What withholds a token until its owner acts: recorded in the envelope, else still pending in the state."""
    return sticky if sticky is not None and sticky.state != GRACE else from_pending(pending)
