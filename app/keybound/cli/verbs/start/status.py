"""status: how things stand, in one look."""

from collections.abc import Iterator
from datetime import UTC, datetime

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say
from keybound.custody.application.status import status as look_at
from keybound.custody.view_models.status import Attention, LastBackup, Status
from keybound.domain.values.moments import stamp
from keybound.stores.choice import store_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


_WATCHERS = {
    "watch": "yes, by keybound watch or the application",
    "agent": "yes, by the agent (to report changes as they happen: keybound watch)",
    "": "no (to report changes as they happen: keybound watch)",
}


def status_parser() -> "ArgumentParser":
    """What ``status`` takes."""
    parse = parser(
        "status",
        "keybound status",
        "keybound status --json | jq '.attention[].id'",
        more="Also shows what this shell holds and whether a watcher is running.",
    )
    add_json(parse)
    return parse


def status(argv: list[str]) -> int:
    """Say how things stand."""
    options = status_parser().parse_args(argv)
    found = look_at(own_context())
    if options.json:
        put_json(_json(found))
    else:
        for line in _lines(found):
            say(line)
    return 0


def _json(found: Status) -> dict[str, object]:
    return {
        "store": {"kind": found.store or None, "status": found.opened, "reason": found.reason},
        "profile": found.profile or None,
        "why": found.how,
        "held": [{"variable": name, "token": id_ or None} for name, id_ in sorted(found.held.items())],
        "attention": [
            {"id": one.id or None, "state": one.state.word if one.state is not None else None, "why": one.why}
            for one in found.attention
        ],
        "hook": found.hook or None,
        "watch": bool(found.watcher),
        "watcher": found.watcher or None,
        "alerts": found.alerts,
        "backup": _backup(found.backup) if found.backup else None,
    }


def _backup(last: LastBackup) -> dict[str, object]:
    return {"at": stamp(last.at) if last.at else None, "tokens": last.tokens, "missing": last.missing}


def _lines(found: Status) -> Iterator[str]:
    kind = store_kind(found.store).keeps.removeprefix("the ") if found.store else ""
    yield _row("Store", ", ".join(filter(None, [kind, found.opened if kind else "", found.reason])))
    yield _row("Profile", f"{found.profile} ({found.how})" if found.profile else found.how)
    hook = f"{found.hook}, hooked" if found.hook else "not hooked (see: keybound hook --help)"
    held = [f"{name} ({id_})" if id_ else name for name, id_ in sorted(found.held.items())]
    yield _row("This shell", f"{hook}; holds {', '.join(held) or 'no tokens'}")
    yield _row("Watched", _WATCHERS[found.watcher])
    if found.backup:
        yield _row("Backup", found.backup.words(datetime.now(UTC)))
    if found.alerts:
        yield _row("Alerts", f"{found.alerts} unseen: keybound alerts")
    if not found.attention:
        yield _row("Attention", "nothing needs attention")
        return
    yield _row("Attention", "")
    yield from map(_attention, found.attention)


def _row(name: str, text: str) -> str:
    return f"{name:<11} {text}".rstrip()


def _attention(one: Attention) -> str:
    why = one.why.replace("\n", "\n    ")
    if one.state is None:
        return f"  ! {one.id}  {why}" if one.id else f"  ! {why}"
    return f"  {one.state.glyph} {one.id}  {one.state.word}  {why}".rstrip()
