"""What a scan finds: a candidate in a text, a finding in a place. Neither prints its secret."""

from typing import NamedTuple

from keybound.catalogue.recognise import Fault, Sure
from keybound.domain.text.secret import Secret

_ORDER = list(Sure)


class Find(NamedTuple):
    """A secret in a text.

    ``start`` and ``end``: bytes in the text; ``provider``: its id, or ``generic``, ``url``, ``private-key``;
    ``kind``: in words; ``label``: what the text calls it, "" for nothing; ``fault``: why it is none after all.
    """

    start: int
    end: int
    secret: Secret
    provider: str
    kind: str
    sure: Sure
    fault: Fault | None = None
    label: str = ""


def surest(finds: list[Find]) -> list[Find]:
    """In the order of the text; of those that overlap the surest, then the longest."""
    kept: list[Find] = []
    for one in sorted(finds, key=lambda one: one.start):
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
        elif _rank(one) < _rank(kept[-1]):
            kept[-1] = one
    return kept


def _rank(one: Find) -> tuple[int, bool, int]:
    return _ORDER.index(one.sure), one.fault is not None, one.start - one.end
