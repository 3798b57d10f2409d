"""usage: which programs got a token, where, how often and when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say
from keybound.custody.application.usage import TokenUsage, alert_unusual
from keybound.custody.application.usage import usage as usage_of
from keybound.custody.profiles.choose_profile import token_named
from keybound.domain.text.counts import plural
from keybound.domain.values.durations import seconds, words
from keybound.stores.journal.usage_index import Use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

_MOST_NAMED = 3


def usage_parser() -> "ArgumentParser":
    """What ``usage`` takes."""
    parse = parser(
        "usage",
        "keybound usage",
        "keybound usage staging/github --since 30d",
        "keybound usage --unused 90d --json | jq -r '.[].id'",
        more="It tells what the journal has: releases to shells, commands, the clipboard and the screen. A program is marked "
        "as unusual where it got a token for the first time when others had had it for a week, until it did so on three days.",
    )
    parse.add_argument("token", nargs="?", metavar="TOKEN", help="Only this token, in detail (default: all).")
    parse.add_argument("--since", metavar="SPAN", help="Count only the last 7d, 4w …, in whole days (UTC).")
    parse.add_argument("--unused", metavar="SPAN", help="List only tokens that were not released for so long.")
    add_json(parse)
    return parse


def usage(argv: list[str]) -> int:
    """Tell how tokens were used."""
    options = usage_parser().parse_args(argv)
    context = own_context()
    now = context.clock()
    since = _day(now, options.since) if options.since else ""
    token = str(token_named(context, options.token)) if options.token else None
    found = usage_of(context, token, since)
    alert_unusual(context)
    if options.unused:
        limit = (now - timedelta(seconds=seconds(options.unused))).astimezone(UTC)
        found = [one for one in found if not one.last or datetime.fromisoformat(one.last) < limit]
    if options.json:
        put_json([_json(one) for one in found])
        return 0
    for line in _detail(found[0], now) if token and found else _table(found, now):
        say(line)
    if not found:
        say(f"every token was released in the last {options.unused}" if options.unused else "No tokens.")
    return 0


def _day(now: datetime, span: str) -> str:
    return f"{(now - timedelta(seconds=seconds(span))).astimezone(UTC):%Y-%m-%d}"


def _json(one: TokenUsage) -> dict[str, object]:
    return {
        "id": one.id,
        "first": one.first or None,
        "last": one.last or None,
        "count": one.times,
        "by": [_by(use, one) for use in one.by],
    }


def _by(use: Use, one: TokenUsage) -> dict[str, object]:
    return {
        "program": use.program,
        "folder": use.folder,
        "way": use.way,
        "count": use.times,
        "first": use.first,
        "last": use.last,
        "unusual": use.program in one.unusual,
    }


def _table(found: list[TokenUsage], now: datetime) -> Iterator[str]:
    rows = [(one.id, _ago(one.last, now), plural(one.times, "time") if one.times else "", _names(one)) for one in found]
    wide = [max((len(row[at]) for row in rows), default=0) for at in range(3)]
    for row in rows:
        yield "  ".join([*(f"{row[at]:<{wide[at]}}" for at in range(3)), row[3]]).rstrip()


def _ago(at: str, now: datetime) -> str:
    return f"used {words((now - datetime.fromisoformat(at)).total_seconds())} ago" if at else "not used"


def _names(one: TokenUsage) -> str:
    """Its programs, unusual ones first and marked."""
    names = dict.fromkeys(use.program for use in one.by)
    sorted_ = sorted(names, key=lambda name: name not in one.unusual)
    shown = [f"{_base(name)} (unusual)" if name in one.unusual else _base(name) for name in sorted_[:_MOST_NAMED]]
    more = len(sorted_) - _MOST_NAMED
    return ", ".join([*shown, *([f"{more} more"] if more > 0 else [])])


def _base(program: str) -> str:
    return program.rpartition("/")[2] or program


def _detail(one: TokenUsage, now: datetime) -> Iterator[str]:
    if not one.by:
        yield f"{one.id} was not released"
        return
    yield f"{one.id} was released {plural(one.times, 'time')}, first on {one.first[:10]}, last {_ago(one.last, now)[5:]}"
    rows = [
        (use.program, use.folder, f"by {use.way}", plural(use.times, "time"), f"last on {use.last[:10]}")
        for use in one.by
    ]
    wide = [max(len(row[at]) for row in rows) for at in range(5)]
    for use, row in zip(one.by, rows, strict=True):
        mark = "unusual" if use.program in one.unusual else ""
        yield ("  " + "  ".join([*(f"{row[at]:<{wide[at]}}" for at in range(5)), mark])).rstrip()
