"""log: show the journal."""

import json
import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.domain.errors import KeyboundError, NotFoundError
from keybound.domain.text.counts import plural
from keybound.domain.values.durations import seconds
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.journal import Anchor, Event
from keybound.stores.journal.verify import verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def log_parser() -> "ArgumentParser":
    """What ``log`` takes."""
    parse = parser(
        "log", "keybound log --since 7d", "keybound log --token staging/github --follow", "keybound log --verify"
    )
    parse.add_argument("--token", metavar="TOKEN", help="Show only this token's events.")
    parse.add_argument("--since", metavar="SPAN", help="Show only the last 30m, 12h, 7d or 4w.")
    parse.add_argument("--follow", action="store_true", help="Keep running, and show new events as they come.")
    parse.add_argument("--verify", action="store_true", help="Check that no event was changed or removed.")
    add_json(parse)
    return parse


def log(argv: list[str]) -> int:
    """Show or verify the journal."""
    options = log_parser().parse_args(argv)
    context = own_context()
    if options.verify:
        return _verify(context)
    token = _token(context, options.token) if options.token else None
    since = datetime.now(UTC) - timedelta(seconds=seconds(options.since)) if options.since else None
    last = 0
    while True:
        for event in context.journal.events(since):
            if event.seq > last and token in (None, event.id) and event.kind != EventKind.INTENT:
                say(_json(event) if options.json else _line(event))
            last = max(last, event.seq)
        if not options.follow:
            return 0
        time.sleep(0.5)


def _token(context: Context, text: str) -> str:
    """The id that is asked for, of a profile too. Raises NotFoundError where neither profiles nor the journal know it."""
    library = Library(context.home)
    if "/" not in text and text in library.names():
        return text
    token = token_named(context, text)
    with suppress(KeyboundError):
        if token.name in library.load(token.profile).profile.tokens:
            return str(token)
    if context.journal.newest(1, str(token)):
        return str(token)  # it was removed, or its profile is broken
    raise NotFoundError(f"no such token, now or in the journal: {token}", hint="See: keybound list")


def _json(event: Event) -> str:
    return json.dumps({**event._asdict(), "by": dict(event.by), "detail": dict(event.detail)})


def _line(event: Event) -> str:
    way = event.detail.get("way") or event.detail.get("why") or ""
    program = event.by.get("program", "")
    return f"{event.seq:>5}  {event.at}  {event.kind:<10} {event.id:<24} {way}  {program} ({event.by.get('pid', '')})".rstrip()


def _verify(context: Context) -> int:
    report = verify(context.journal, os.path.join(context.home.state, "journal"), _anchors(context))
    for line in report.notes:
        warn(line)
    for line in report.faults:
        warn(line)
    if report.ok:
        say(f"the journal is intact: {plural(report.length, 'event')}, {report.after_anchor} after the last anchor")
    return 0 if report.ok else 1


def _anchors(context: Context) -> list[Anchor]:
    from keybound.custody.envelopes.envelopes import fetch
    from keybound.stores.base import Item

    known = [one for one in context.state.known().values() if not one.removed]
    items = []
    for one in known:
        profile, _, name = one.id.partition("/")
        items.append(Item(profile, name or None, "token" if name else "profile"))
    held = fetch(context, items)
    envelopes = [one.envelope for one in held.values() if one.envelope is not None]
    return [Anchor(one.anchor_length, one.anchor_head) for one in envelopes if one.anchor_head]
