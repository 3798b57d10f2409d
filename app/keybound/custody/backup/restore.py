"""Put a backup back. A kill at any point leaves each token old or new, whole; the same restore then goes on."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from keybound.custody.backup.contents import Contents
from keybound.custody.backup.holdings import fetch_all
from keybound.custody.backup.last_backup import last_backup, note_backup
from keybound.custody.backup.restore_plan import Plan, plan_again, plan_restore
from keybound.custody.backup.steps import Act, Choice, ItemStep, Step
from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import item_id
from keybound.custody.envelopes.left_to_revoke import keep_to_revoke, note_left
from keybound.custody.envelopes.text_change import TextChange, text_of
from keybound.custody.envelopes.transaction import Change
from keybound.custody.tokens.sealing import known_record
from keybound.domain.errors import RefusedError
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.atomic import create_atomic
from keybound.stores.batches import batches
from keybound.stores.generation import touch
from keybound.stores.journal.brought_in import become_chain, can_become_chain, events_of, keep_beside
from keybound.stores.journal.journal import Draft
from keybound.stores.private_dir import make_private_dir

STEPS = ("journal", "kept", "file", "profile", "item", "known", "ended")
_BATCH = 20  # items that are restored while releases wait
Tell = Callable[[int, int], None]
_DONE = (Act.RESTORE, Act.REPLACE, Act.EXPIRE)


def _nothing(step: str) -> None:
    """Between steps nothing happens; tests put a kill here."""


at_step: Callable[[str], None] = _nothing


def restore(context: Context, contents: Contents, choice: Choice, seen: Plan, tell: Tell) -> None:
    """Do what was shown. ``tell`` hears how many items are done, of how many.

    Releases wait for a few items, not for all. Raises RefusedError where something has changed since, UnavailableError.
    """
    context.store.prepare()
    with changing(context):
        plan = plan_restore(context, contents, choice)
        if plan.steps != seen.steps:
            raise RefusedError("this home has changed since it was shown", hint="Nothing was changed. Restore again.")
        if plan.journal is not None and plan.journal.act is Act.RESTORE:
            _restore_journal(context, contents.journal)
        for step, path, data in plan.files:
            if step.act in _DONE:
                _restore_file(context, step, path, data)
    wanted = [one for one in plan.items if one.step.act in _DONE]
    done = 0
    for some in batches(wanted, _BATCH):
        with changing(context):
            _restore_items(context, contents, choice, plan, some)
        done += len(some)
        tell(done, len(wanted))
    with changing(context):
        if not choice.only:
            _take_over_known(context, contents)
        at_step("known")
        detail = {"made": contents.head.made_at, "items": len(wanted)}
        context.journal.append([Draft(EventKind.RESTORED, "", who("keybound"), detail)], context.clock())
        touch(context.home.generation)
    at_step("ended")


def _restore_journal(context: Context, months: Mapping[str, bytes]) -> None:
    """First of all: what is done from here on is written behind it."""
    folder = os.path.join(context.home.state, "journal")
    if can_become_chain(context.journal, months):
        become_chain(folder, months)
        at_step("journal")
        return
    events = events_of(months)
    detail = {"kept": keep_beside(folder, months, events), "head": events[-1].hash, "length": events[-1].seq}
    at_step("kept")
    context.journal.append([Draft(EventKind.JOURNAL_KEPT, "", who("keybound"), detail)], context.clock())


def _restore_file(context: Context, step: Step, path: str, data: bytes) -> None:
    if step.what == "profile":
        change = TextChange(path, text_of(path), data.decode())
        transaction.run(context, Change(EventKind.RESTORED, step.id, text=change))
        at_step("profile")
        return
    make_private_dir(os.path.dirname(path))
    create_atomic(path, data)
    at_step("file")


def _restore_items(
    context: Context, contents: Contents, choice: Choice, plan: Plan, wanted: Sequence[ItemStep]
) -> None:
    """The caller holds the lock; what another process has changed meanwhile is not what was shown."""
    now = plan_again(context, contents, choice, plan, [one.item for one in wanted])
    if [one.step for one in now] != [one.step for one in wanted]:
        raise RefusedError(
            "this home has changed since it was shown", hint="What was restored so far stays. Restore again."
        )
    for one in now:
        _restore_item(context, one)
        at_step("item")


def _restore_item(context: Context, one: ItemStep) -> None:
    envelope = one.envelope
    if envelope is None:
        return
    if one.item.part == "revoke":
        note_left(context)
        transaction.run(context, Change(EventKind.RESTORED, envelope.id, put=envelope))
        return
    held = fetch_all(context, [one.item])[one.item]
    if one.step.act is Act.REPLACE:
        keep_to_revoke(context, one.item, held.envelope)
    text = one.sealed_text or (held.known.sealed_text if held.known else "")
    known = known_record(envelope, text, held.known)
    if one.step.act is Act.EXPIRE and envelope.sticky is not None:
        detail = {"why": envelope.sticky.why}
        transaction.run(context, Change(EventKind.EXPIRED, envelope.id, put=envelope, known=(known,), detail=detail))
        return
    transaction.run(context, Change(EventKind.RESTORED, envelope.id, put=envelope, known=(known,)))


def _take_over_known(context: Context, contents: Contents) -> None:
    """What was removed stays so, also against an older backup; and here, too, the backup is the last one."""
    there = {item_id(item) for item in contents.items}
    context.state.adopt(row for row in contents.known.values() if row.removed and row.id not in there)
    before, made = last_backup(context), datetime.fromisoformat(contents.head.made_at)
    if before is not None and (before.at is None or before.at < made):
        known = context.state.known()
        here = {id_: known[id_] for id_ in contents.tokens if id_ in known}
        note_backup(context, made, {id_: f"{one.incarnation} {one.epoch}" for id_, one in here.items()})
