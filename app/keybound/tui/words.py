"""Times, counts and findings in words. Times are epoch seconds."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.text.counts import plural as plural
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def span(seconds: float) -> str:
    """A duration in its largest unit: 23d, 6h, 2m."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "now" if seconds < 1 else f"{int(seconds)}s"


def left(token: TokenView, now: float) -> str:
    """How long a token still lives: 23d, ended, never, ? where that is not known, a dash where there is no secret."""
    if token.state is State.MISSING:
        return "–"
    if token.unread:
        return "?"
    if token.expires_at is None:
        return "never"
    return span(token.expires_at - now) if token.expires_at > now else "ended"


def ends_soon(token: TokenView) -> bool:
    """Whether it is its time alone that asks for attention."""
    inside = all(row.inside is True for row in token.bound)
    return token.state is State.WARNING and inside and token.expires_at is not None


def share(token: TokenView, now: float) -> float | None:
    """The part of the lifetime that is left, 0 to 1; None where it has none."""
    if token.expires_at is None or not token.lifetime or token.state is State.MISSING:
        return None
    return min(max((token.expires_at - now) / token.lifetime, 0.0), 1.0)


def used(at: float | None, now: float) -> str:
    """How long ago something happened, or a dash."""
    return "–" if at is None else span(max(now - at, 0))


def moment(at: float, now: float) -> str:
    """A moment: 14:02:11 today, or 2 May 10:14."""
    then, today = time.localtime(at), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M:%S today", then)
    return f"{then.tm_mday} {time.strftime('%B %H:%M', then)}"


def short_moment(at: float, now: float) -> str:
    """A moment in six cells or fewer: 14:02, or 2 May."""
    then, today = time.localtime(at), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M", then)
    return f"{then.tm_mday} {time.strftime('%b', then)}"


def tally(tokens: Iterable[TokenView]) -> list[tuple[State, int]]:
    """How many tokens are in each state that occurs, best state first."""
    counts = Counter(token.state for token in tokens)
    return sorted(counts.items())


def named(names: Sequence[str], most: int = 3) -> str:
    """``a``, ``a and b``, ``a, b and 98 more``."""
    shown = list(names) if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


PARTS = {
    "env": ("[env]", "its variables are not exported"),
    "grants": ("[roles.grants]", "its tokens with scopes are withheld"),
}


def part_names(parts: Iterable[str]) -> str:
    """``[env] and [roles.grants]``: a profile's own parts as they are headed in its file."""
    return " and ".join(PARTS[part][0] for part in parts)


def row_place(row: BoundRow | Finding) -> str:
    """Where a key is read, or was when it expired: ``staging.toml:10``; what chose it: ``KUBECONFIG, prod.yaml:1``; or ""."""
    name = row.path.rpartition("/")[2]
    place = f"{name}:{row.line}" if name and row.line else name
    return ", ".join(filter(None, [row.set_by if isinstance(row, BoundRow) else "", place]))


def bar(part: float, width: int) -> tuple[str, str]:
    """A gauge: the filled piece and the rest."""
    filled = max(round(part * width), 1 if part > 0 else 0)
    return "━" * filled, "─" * (width - filled)


_EIGHTHS = " ▁▂▃▄▅▆▇█"


def sparkline(counts: Iterable[int]) -> str:
    """One character a count, the highest full."""
    values = list(counts)
    top = max(values, default=0) or 1
    return "".join(_EIGHTHS[max(1, round(value * 8 / top))] for value in values)


def fuzzy(needle: str, hay: str) -> bool:
    """Whether the characters of ``needle`` stand in ``hay`` in this order, whatever is between them."""
    left = iter(hay.lower())
    return all(char in left for char in needle.lower() if char != " ")
