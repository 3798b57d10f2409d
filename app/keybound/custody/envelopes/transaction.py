"""The crash order: one change of profile, items and state that is either made or not, whenever the process dies.

An item is written before the profile's text, and deleted after it: a text that cannot be written costs no secret.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import envelope_at
from keybound.custody.envelopes.seal_record import SealRecord, is_made, sealed_by
from keybound.custody.envelopes.text_change import Prepared, TextChange, prepare, text_of
from keybound.custody.envelopes.unfinished import (
    Unfinished,
    begin,
    end,
    records,
    set_aside,
    set_waiting,
    waiting_for,
)
from keybound.domain.errors import BadInputError, RefusedError, UnavailableError
from keybound.domain.seal.envelope import Envelope, encode_envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.base import Item
from keybound.stores.generation import touch
from keybound.stores.journal.journal import Draft
from keybound.stores.state import Known

STEPS = ("intent", "texts", "items", "profile", "sealed", "deleted", "state", "confirm", "clean")


class Change(NamedTuple):
    """One change: at most one item is written before the text, so that "done" has one meaning; ``delete`` items go last.

    ``seals``: the next envelopes of what is sealed again because the text says something else, each with its note.
    """

    action: EventKind
    id: str
    put: Envelope | None = None
    delete: tuple[Item, ...] = ()
    text: TextChange | None = None
    known: tuple[Known, ...] = ()
    detail: Mapping[str, object] = MappingProxyType({})
    seals: tuple[tuple[Envelope, SealRecord], ...] = ()

    @property
    def record(self) -> Unfinished:
        """What must be known of it to complete or undo it after a kill; the secret is not."""
        put = (self.put.id, self.put.part, self.put.incarnation, self.put.epoch) if self.put else None
        seals = tuple(note for _, note in self.seals)
        return Unfinished(self.action, self.id, put, self.delete, self.text, self.known, self.detail, seals)


def _nothing(step: str) -> None:
    """Between steps nothing happens; tests put a kill here."""


at_step: Callable[[str], None] = _nothing


def run(context: Context, change: Change) -> None:
    """Make the change. The caller holds the exclusive lock.

    Raises UnavailableError: nothing was changed then, or what was begun waits for its own token alone (see :func:`recover`).
    """
    for id_ in (change.id, *(after.id for after, _ in change.seals)):
        refuse_waiting(context, id_)
    text = _prepared(change.text) if change.text is not None else None
    try:
        detail = {**change.detail, "intent": change.action, "epoch": change.put.epoch if change.put else None}
        _journal(context, EventKind.INTENT, change.id, detail)
        at_step("intent")
        begin(context.home, change.record)
        at_step("texts")
        _write(context, change, text)
    except BaseException:
        if text is not None:
            text.discard()
        raise
    _delete_and_confirm(context, change.record)


def refuse_waiting(context: Context, id_: str) -> None:
    """Raise RefusedError where an unfinished change of this token or profile waits."""
    if waits := waiting_for(context.home, id_):
        raise RefusedError(
            f"{waits.id} has an unfinished change ({waits.action}), which cannot be completed or undone now",
            hint="See what blocks it: keybound status",
        )


def _prepared(text: TextChange) -> Prepared:
    try:
        return prepare(text)
    except UnavailableError as fault:
        hint = "Nothing was changed. Make it writable, or edit the profile at its source."
        raise UnavailableError(fault.what, where=fault.where, hint=hint) from None


def _write(context: Context, change: Change, text: Prepared | None) -> None:
    """Write item and text; where one cannot be written, neither is."""
    try:
        if change.put is not None:
            _put(context, change.put)
        at_step("items")
        if text is not None:
            text.commit()
        at_step("profile")
        for after, _ in change.seals:
            _put(context, after)
        at_step("sealed")
    except BaseException:
        record = change.record
        if _can_be_undone(context, record):
            _undo(context, record)
        raise


def _can_be_undone(context: Context, record: Unfinished) -> bool:
    """Whether going back is right: the text is not the new one; an item that is there is the text's own."""
    if record.text is not None:
        return text_of(record.text.path) != record.text.after
    try:
        return not _item_is_there(context, record)
    except UnavailableError:
        return False  # it may have been written: leave the record for the next start


def _put(context: Context, envelope: Envelope) -> None:
    anchor = context.journal.anchor()
    text = encode_envelope(envelope._replace(anchor_length=anchor.length, anchor_head=anchor.head))
    limit = context.store.limit
    if limit is not None and len(text) * 2 > limit:
        raise BadInputError(f"the store holds at most {limit // 2} characters per token", hint="Use a shorter secret.")
    context.store.write(envelope_item(envelope), text)


def envelope_item(envelope: Envelope) -> Item:
    """The address an envelope belongs to."""
    return _address(envelope.id, envelope.part)


def _address(id_: str, part: str) -> Item:
    profile, _, name = id_.partition("/")
    return Item(profile, name or None, part)


def _delete_and_confirm(context: Context, record: Unfinished) -> None:
    try:
        for item in record.delete:
            context.store.delete(item)
    except UnavailableError:
        set_waiting(context.home, record)
        raise
    at_step("deleted")
    context.state.put_all(record.known)
    at_step("state")
    drafts = [(record.action, record.id, record.detail), *((EventKind.SEALED, one.id, {}) for one in record.seals)]
    _journal_all(context, drafts)
    at_step("confirm")
    end(context.home, record)
    at_step("clean")
    touch(context.home.generation)


def _journal(context: Context, kind: str, id_: str, detail: Mapping[str, object]) -> None:
    _journal_all(context, [(kind, id_, detail)])


def _journal_all(context: Context, events: Sequence[tuple[str, str, Mapping[str, object]]]) -> None:
    by = who("keybound")
    context.journal.append([Draft(kind, id_, by, detail) for kind, id_, detail in events], context.clock())


def recover(context: Context) -> tuple[str, ...]:
    """Complete or undo what a killed process left; return a line for each. The caller holds the lock.

    What can be neither completed nor undone now waits, and withholds its own token alone.
    """
    notes = []
    for path, record in records(context.home):
        if record is None:
            set_aside(path)
            notes.append("the record of an unfinished change is damaged and was set aside; nothing was changed by it")
            continue
        try:
            notes.append(_recovered(context, record))
        except UnavailableError as fault:
            set_waiting(context.home, record)
            notes.append(f"an interrupted change is pending: {record.action} {record.id}: {fault.what}")
    return tuple(notes)


def _recovered(context: Context, record: Unfinished) -> str:
    if _was_done(context, record):
        try:
            if record.text is not None and text_of(record.text.path) == record.text.before:
                prepare(record.text).commit()
        except UnavailableError:
            if record.put is None:
                raise
            return _undo(context, record)
        _delete_and_confirm(context, _sealed(context, record))
        return f"an interrupted change was completed: {record.action} {record.id}"
    return _undo(context, record)


def _sealed(context: Context, record: Unfinished) -> Unfinished:
    """Make the seals that are not made yet; return the record without those that are not to be made."""
    left = set()
    for one in record.seals:
        found = envelope_at(context, _address(one.id, one.part))
        after = sealed_by(found, one) if found is not None else None
        if after is not None:
            _put(context, after)
        elif found is None or not is_made(found, one):
            left.add(one.id)
    known = tuple(one for one in record.known if one.id not in left)
    return record._replace(known=known, seals=tuple(one for one in record.seals if one.id not in left))


def _undo(context: Context, record: Unfinished) -> str:
    """Go back to what was: an item that was written together with its definition goes again."""
    try:
        if record.text is not None and record.put is not None and _item_is_there(context, record):
            context.store.delete(_address(record.put[0], record.put[1]))
        _journal(context, EventKind.UNDONE, record.id, {"action": record.action})
    except UnavailableError:
        set_waiting(context.home, record)
        raise
    end(context.home, record)
    return f"an interrupted change was undone: {record.action} {record.id}"


def _item_is_there(context: Context, record: Unfinished) -> bool:
    """Whether the item of the change, of this very epoch, stands in the store. Raises UnavailableError."""
    if record.put is None:
        return False
    id_, part, incarnation, epoch = record.put
    found = envelope_at(context, _address(id_, part))
    return found is not None and (found.incarnation, found.epoch) == (incarnation, epoch)


def _was_done(context: Context, record: Unfinished) -> bool:
    """Whether the step that decides was taken: the item written; without one the text; else the first item deleted."""
    if record.put is not None:
        return _item_is_there(context, record)
    if record.text is not None and text_of(record.text.path) == record.text.after:
        return True
    return bool(record.delete) and not context.store.read(record.delete[:1])
