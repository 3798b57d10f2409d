"""A token's releases in its panel: a day each, the programs, the latest; by the journal's index as soon as that was read."""

import time
from collections import Counter

from keybound.custody.view_models.tokens import TokenView, UsageView
from keybound.tui.styled_text import Line, Piece, line
from keybound.tui.words import short_moment, sparkline

DAYS = 14
_LATEST, _PROGRAMS = 3, 3


def per_day(token: TokenView, used: UsageView | None, now: float) -> list[int]:
    """Releases on each of the last days, oldest first: until the index was read, by the latest releases that are known."""
    if used is not None:
        return list(used.days)
    days = Counter(int((now - release.at) // 86_400) for release in token.releases)
    return [days.get(day, 0) for day in range(DAYS - 1, -1, -1)]


def releases(token: TokenView, used: UsageView | None, now: float) -> list[Line]:
    """The block; nothing where it was never released."""
    if not token.releases and not (used and used.times):
        return []
    counts = per_day(token, used, now)
    most = max(counts)
    day = time.localtime(now - 86_400 * (DAYS - 1 - counts.index(most)))
    peak = f"  most {most} on {day.tm_mday} {time.strftime('%B', day)}" if most else ""
    made = [(), line(("Releases", "bold"), (f"   {sum(counts)} in {DAYS} days{_ever(counts, used)}", "muted"))]
    made.append(line((sparkline(counts), "accent"), (peak, "muted")))
    made += [_programs(used)] if used and used.programs else []
    for each in token.releases[:_LATEST]:
        who = f" {each.program} ({each.pid}) {each.folder}"
        made.append(line((short_moment(each.at, now) + " ", "muted"), (each.way, ""), (who, "muted")))
    return made


def _ever(counts: list[int], used: UsageView | None) -> str:
    if used is None or used.times <= sum(counts):
        return ""
    return f", {used.times:,} in all"


def _programs(used: UsageView) -> Line:
    pieces: list[Piece] = []
    for name, times, unusual in used.programs[:_PROGRAMS]:
        style, tail = ("bold state-warning", " unusual") if unusual else ("", f" {times:,}")
        pieces += line((name, style), (f"{tail}  ", "state-warning" if unusual else "muted"))
    more = len(used.programs) - _PROGRAMS
    return (*pieces, *line((f"+{more}", "muted"))) if more > 0 else tuple(pieces)
