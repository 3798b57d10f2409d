"""The crash order: one change of profile, items and state that is either made or not, whenever the process dies."""

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from keybound.custody.asker import who
from keybound.custody.envelopes import opened
from keybound.custody.keeper import Keeper
from keybound.domain.envelope import Envelope, EnvelopeFault, encode_envelope
from keybound.domain.errors import BadInput, Unavailable
from keybound.domain.quick_json import dumps, loads
from keybound.domain.readings import Absent
from keybound.sources.open_file import Content, open_once
from keybound.stores.atomic import write_atomic
from keybound.stores.base import Item
from keybound.stores.generation import touch
from keybound.stores.journal import Draft
from keybound.stores.private_dir import make_private_dir
from keybound.stores.state import Known

STEPS = ("intent", "texts", "items", "profile", "state", "confirm", "clean")


class TextChange(NamedTuple):
    """A profile file before and after; None: no such file."""

    path: str
    before: str | None
    after: str | None


class Change(NamedTuple):
    """One change: at most one item is written, so that "done" has one meaning; ``delete`` items go after it."""

    action: str
    id: str
    put: Envelope | None = None
    delete: tuple[Item, ...] = ()
    text: TextChange | None = None
    known: tuple[Known, ...] = ()
    detail: Mapping[str, object] = MappingProxyType({})


def _nothing(step: str) -> None:
    """Between steps nothing happens; tests put a kill here."""


at_step: Callable[[str], None] = _nothing


def run(keeper: Keeper, change: Change) -> None:
    """Make the change. The caller holds the exclusive lock. Raises Unavailable, and then nothing was changed."""
    detail = {**change.detail, "intent": change.action, "epoch": change.put.epoch if change.put else None}
    _journal(keeper, "intent", change.id, detail)
    at_step("intent")
    write_atomic(keeper.home.unfinished, _record(change).encode())
    at_step("texts")
    try:
        if change.put is not None:
            _put(keeper, change.put)
    except BaseException:
        if not _done(keeper, change):
            os.unlink(keeper.home.unfinished)
        raise
    for item in change.delete:
        keeper.store.delete(item)
    at_step("items")
    _finish(keeper, change, change.action)


def _put(keeper: Keeper, envelope: Envelope) -> None:
    anchor = keeper.journal.anchor()
    text = encode_envelope(envelope._replace(anchor_length=anchor.length, anchor_head=anchor.head))
    limit = keeper.store.limit
    if limit is not None and len(text) * 2 > limit:
        raise BadInput(f"the store holds at most {limit // 2} characters for a token", hint="Use a shorter secret.")
    keeper.store.write(envelope_item(envelope), text)


def envelope_item(envelope: Envelope) -> Item:
    """The address an envelope belongs to."""
    profile, _, name = envelope.id.partition("/")
    return Item(profile, name or None, envelope.part)


def _finish(keeper: Keeper, change: Change, kind: str) -> None:
    if change.text is not None and text_of(change.text.path) == change.text.before:
        _write_text(change.text)
    at_step("profile")
    keeper.state.put_all(change.known)
    at_step("state")
    _journal(keeper, kind, change.id, change.detail)
    at_step("confirm")
    os.unlink(keeper.home.unfinished)
    at_step("clean")
    touch(keeper.home.generation)


def _write_text(change: TextChange) -> None:
    if change.after is None:
        os.unlink(change.path)
        return
    make_private_dir(os.path.dirname(change.path))
    write_atomic(change.path, change.after.encode())


def text_of(path: str) -> str | None:
    """A profile file's text; None: there is none."""
    content = open_once(path)
    if isinstance(content, Absent):
        return None
    return content.data.decode("utf-8", "surrogateescape") if isinstance(content, Content) else "\0"


def _journal(keeper: Keeper, kind: str, id_: str, detail: Mapping[str, object]) -> None:
    keeper.journal.append([Draft(kind, id_, who("keybound"), detail)], keeper.clock())


def _record(change: Change) -> str:
    put = [change.put.id, change.put.part, change.put.incarnation, change.put.epoch] if change.put else None
    return dumps(
        {
            "action": change.action,
            "id": change.id,
            "put": put,
            "delete": change.delete,
            "text": change.text,
            "known": change.known,
            "detail": dict(change.detail),
        }
    )


def unfinished_ids(keeper: Keeper) -> frozenset[str]:
    """The token or profile whose change was cut short and is not completed yet."""
    try:
        with open(keeper.home.unfinished, encoding="utf-8") as file:
            return frozenset([str(loads(file.read())["id"])])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
        return frozenset()


def recover(keeper: Keeper) -> str:
    """Complete or undo what a killed process left; return a line that says which, or "". The caller holds the lock.

    Raises Unavailable where the store cannot be asked: then the change stays unfinished.
    """
    if not os.path.exists(keeper.home.unfinished):
        return ""
    change, put = _read_record(keeper.home.unfinished)
    if change is None:
        os.rename(keeper.home.unfinished, keeper.home.unfinished + ".broken")
        return "the record of an unfinished change is damaged and was set aside; nothing was changed by it"
    if _was_done(keeper, change, put):
        for item in change.delete:
            keeper.store.delete(item)
        _finish(keeper, change, change.action)
        return f"a change that was cut short is complete now: {change.action} {change.id}"
    os.unlink(keeper.home.unfinished)
    _journal(keeper, "undone", change.id, {"action": change.action})
    return f"a change that was cut short was not made: {change.action} {change.id}"


def _read_record(path: str) -> tuple[Change | None, list[object] | None]:
    try:
        with open(path, encoding="utf-8") as file:
            raw = loads(file.read())
        change = Change(
            action=raw["action"],
            id=raw["id"],
            delete=tuple(Item(*item) for item in raw["delete"]),
            text=TextChange(*raw["text"]) if raw["text"] else None,
            known=tuple(Known(*one) for one in raw["known"]),
            detail=raw["detail"],
        )
    except (ValueError, KeyError, TypeError):
        return None, None
    return change, raw["put"]


def _done(keeper: Keeper, change: Change) -> bool:
    put = change.put
    try:
        return put is not None and _was_done(keeper, change, [put.id, put.part, put.incarnation, put.epoch])
    except Unavailable:
        return True  # it may have been written: leave the record for the next start


def _was_done(keeper: Keeper, change: Change, put: list[object] | None) -> bool:
    if put is not None:
        id_, part, incarnation, epoch = put
        profile, _, name = str(id_).partition("/")
        item = Item(profile, name or None, str(part))
        texts = keeper.store.read([item])
        try:
            found = opened(keeper, item, texts[item]) if item in texts else None
        except EnvelopeFault:
            found = None
        return found is not None and (found.incarnation, found.epoch) == (incarnation, epoch)
    if change.delete:
        return not keeper.store.read(change.delete[:1])
    return change.text is not None and text_of(change.text.path) == change.text.after
