"""alerts: what was found and when; try the channels; approve a command. And the process that delivers for others."""

import os
import time
from contextlib import suppress
from datetime import datetime

from keybound.cli.console.arguments import add_json, add_yes, parser
from keybound.cli.console.io import confirm, has_terminal, own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.alerts.commands import approve_command, commands, found_program
from keybound.custody.alerts.delivery import deliver
from keybound.custody.alerts.listing import Listed, listed, mark_all_seen, mark_seen
from keybound.custody.alerts.trying import try_channels
from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.counts import plural
from keybound.stores.alert_table import AlertTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from keybound.custody.alerts.routing import Ring

_LAST = 20
_APART_SECONDS = 60.0  # that a process which delivers for others waits for what cannot be delivered at once
_COMMIT_SECONDS = 1.0  # until what it was started for is written, at most
_POLL = 0.05


def alerts_parser() -> "ArgumentParser":
    """What ``alerts`` takes."""
    parse = parser(
        "alerts",
        "keybound alerts",
        "keybound alerts --json | jq '.[] | select(.seen | not)'",
        "keybound alerts test",
        "keybound alerts approve",
        more="Without an action, lists the newest alerts, and marks them as seen. test sends one to every channel that an "
        "[[alert]] of config.toml names; seen marks all as seen; approve lets the commands of [[alert]] run as they are now.",
    )
    parse.add_argument("action", nargs="?", choices=["test", "seen", "approve"], help="What to do instead of listing.")
    parse.add_argument("--last", type=int, default=_LAST, metavar="COUNT", help=f"How many to list (default: {_LAST}).")
    add_yes(parse, "Approve without asking.")
    add_json(parse)
    return parse


def alerts(argv: list[str]) -> int:
    """List, or do one of these."""
    options = alerts_parser().parse_args(argv)
    if options.last < 1:
        raise BadInputError("--last must be 1 or more")
    if options.json and options.action:
        raise BadInputError(f"--json does not go with {options.action}")
    context = own_context()
    if options.action == "test":
        return _test(context)
    if options.action == "seen":
        return _seen(context)
    if options.action == "approve":
        return _approve(context, yes=options.yes)
    return _list(context, options.last, as_json=options.json)


def _list(context: Context, last: int, *, as_json: bool) -> int:
    found, faults = listed(context, last)
    if as_json:
        put_json([one.fields() for one in found])
        return 0
    for one in reversed(found):
        say(_line(one))
    if not found:
        say("there are no alerts")
    for fault in faults:
        warn(fault)
    mark_seen(context, found)
    return 0


def _line(one: Listed) -> str:
    at = datetime.fromisoformat(one.alert.at).astimezone()
    mark = " " if one.alert.seen else "*"
    return f"{mark} {at:%Y-%m-%d %H:%M}  {one.line}{'  (over)' if one.over else ''}"


def _seen(context: Context) -> int:
    number = mark_all_seen(context)
    say(f"{plural(number, 'alert')} marked as seen" if number else "there are no unseen alerts")
    return 0


def _test(context: Context) -> int:
    tried = try_channels(context, own_bell())
    if not tried:
        raise NotFoundError(
            "no [[alert]] is configured", where=context.home.settings, hint="See: docs/guide.md, Alerts"
        )
    for name, fault in tried:
        say(f"{name}: {fault or 'sent'}")
    return 1 if any(fault for _, fault in tried) else 0


def _approve(context: Context, *, yes: bool) -> int:
    waiting = [one for one in commands(context) if one.fault]
    if not waiting:
        say("no command waits for approval")
        return 0
    for one in waiting:
        say(f"command  {' '.join(one.command.argv)}  ({one.fault})")
        say(f"program  {found_program(context, one)}")
    confirm(f"Approve {plural(len(waiting), 'command')}?", yes=yes)
    for one in waiting:
        approve_command(context, one)
    say(f"{plural(len(waiting), 'command')} approved")
    return 0


def own_bell() -> "Ring | None":
    """What rings the terminal that this process belongs to; None where it belongs to none."""
    return _ring if has_terminal() else None


def _ring() -> None:
    with suppress(OSError):  # it went meanwhile
        terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            os.write(terminal, b"\a")
        finally:
            os.close(terminal)


def deliver_waiting(argv: list[str]) -> int:
    """Deliver what another process has just raised, and what waits with it; for at most a minute."""
    del argv
    context = own_context()
    context.delivers = True
    until = time.monotonic() + _COMMIT_SECONDS
    while not AlertTable(context.state).undelivered() and time.monotonic() < until:
        time.sleep(_POLL)
    until = time.monotonic() + _APART_SECONDS
    while (wait := deliver(context).seconds) is not None and time.monotonic() + wait < until:
        time.sleep(wait)
    return 0
