"""When and where an expiry happened, added as it is recorded."""

from keybound.custody.evaluation.describe import place_of
from keybound.custody.profiles.library import Loaded
from keybound.domain.verdict.sticky import Sticky
from keybound.domain.verdict.verdict import Verdict


def recorded(loaded: Loaded | None, verdict: Verdict, expiry: Sticky, now: str) -> Sticky:
    """The expiry with its moment and its line; one that was found before keeps its own."""
    if expiry.at:
        return expiry
    finding = next((one for one in verdict.findings if expiry.key and one.key == expiry.key), None)
    path, line = place_of(loaded, finding) if finding else (expiry.path, 0)
    return expiry._replace(at=now, path=path, line=line)
