"""Whether a change was begun and not completed: a killed process left it."""

from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import recover_now
from keybound.custody.envelopes.unfinished import records
from keybound.custody.health.finding import Finding, fail, ok
from keybound.custody.health.stores.store_in_use import kind_in_use, without_passphrase
from keybound.custody.store_change.unfinished_change import unfinished_store_changes
from keybound.stores.base import Status


def changes(context: Context) -> list[Finding]:
    """Each, with the token or profile that it withholds."""
    return [*_found(context), *_of_store(context)] or [ok("no change is unfinished")]


def _of_store(context: Context) -> Iterator[Finding]:
    for line in unfinished_store_changes(context):
        what, _, step = line.partition("; finish it: ")
        yield fail(what, f"Finish it: {step}" if step else "See: keybound status")


def _found(context: Context) -> Iterator[Finding]:
    for path, record in records(context.home):
        what = (
            f"{path}: the record of an unfinished change is damaged"
            if record is None
            else f"{record.id}: an unfinished change ({record.action}) withholds it"
        )
        if _is_open(context):
            yield fail(what, "Complete or undo it: keybound doctor --fix", lambda: _recover(context))
        else:
            yield fail(what, "Unlock the store: keybound unlock. Then run: keybound doctor --fix")


def _is_open(context: Context) -> bool:
    return bool(kind_in_use(context)) and without_passphrase(context).store.status() is Status.OPEN


def _recover(context: Context) -> str:
    return "; ".join(recover_now(without_passphrase(context))) or "it was completed meanwhile"
