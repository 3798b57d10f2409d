"""Move everything from one store to another: copied, compared, switched to, and only then deleted from the former one.

A kill at any point leaves one store that is in use and whole; the same command goes on from there.
"""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import item_id
from keybound.custody.store_change.everything import all_items, read_all
from keybound.custody.store_change.move_record import MoveRecord, begin_move, end_move, unfinished_move
from keybound.domain.errors import BadInputError, RefusedError, StoreAwayError
from keybound.domain.text.counts import plural
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.base import Ask, Foreign, Item, SecretStore, Status
from keybound.stores.choice import STORES, store_kind
from keybound.stores.generation import touch
from keybound.stores.journal.journal import Draft
from keybound.stores.lock import exclusive
from keybound.stores.proof import prove

STEPS = ("begun", "copied", "compared", "switched", "deleted", "ended")
Texts = Mapping[Item, Secret]
Tell = Callable[[int, int], None]


def _nothing(step: str) -> None:
    """Between steps nothing happens; tests put a kill here."""


at_step: Callable[[str], None] = _nothing


class Moved(NamedTuple):
    """What a move did. ``left``: items that stay in the former store, as the new one has lost them since."""

    items: int
    left: tuple[str, ...] = ()


class StoreMove:
    """The move from the store ``source`` to the store ``target`` ("keyring", "file"), begun now or before.

    Raises BadInputError for stores that are none or one, RefusedError where the former store is not the one in use.
    """

    def __init__(self, context: Context, source: str, target: str) -> None:
        self._context = context
        self._names = (source, target)
        _check_names(source, target)
        if context.environ.get("KEYBOUND_STORE"):
            raise RefusedError(
                f"KEYBOUND_STORE={context.environ['KEYBOUND_STORE']} decides which store this shell uses",
                hint="Nothing was changed. Unset it here and in your shell's start-up files, then move.",
            )
        self._begun = unfinished_move(context.home)
        if self._begun is not None and (self._begun.source, self._begun.target) != (source, target):
            raise RefusedError(
                f"a move from {self._begun.source} to {self._begun.target} has not ended",
                hint=f"Finish it first: keybound store move {self._begun.source} {self._begun.target}",
            )
        self._is_switched = self._begun is not None and self._in_use() == target
        if not self._is_switched and self._in_use() != source:
            raise RefusedError(
                f"the store in use is {self._in_use() or 'not chosen yet'}, not {source}", hint="See: keybound status"
            )
        self.source, self.target = context.open_store(source), context.open_store(target)

    def open(self, ask: Ask | None) -> None:
        """Open both stores, and prove that the new one keeps what it is given. Raises UnavailableError."""
        for store in (self.source, self.target):
            if store.status() is not Status.OPEN:
                store.unlock(ask)
            store.prepare()
        prove(self.target)

    def run(self, tell: Tell, *, replace: bool) -> Moved:
        """Move, or go on. ``tell`` hears how many items are copied, of how many; ``replace``: over other texts, too.

        Raises RefusedError, UnavailableError; the store in use is whole then, and says what it has said before.
        """
        with exclusive(os.path.join(self._context.home.state, "store-move.lock"), 0.0):
            if not self._is_switched:
                self._copy(self._begun or self._begin(replace=replace), tell)
                self._switch()
            moved = self._delete()
            end_move(self._context.home)
            at_step("ended")
        return moved

    def cancel(self) -> int:
        """Delete the copies of a move that has not switched yet; return how many. Raises RefusedError, UnavailableError."""
        if self._begun is None or self._is_switched:
            raise RefusedError(
                "there is no move to cancel" if self._begun is None else "the new store is in use already",
                hint="See: keybound status",
            )
        copies = set(all_items(self._context, self.target)) - set(self._begun.own)
        for item in sorted(copies, key=str):
            self.target.delete(item)
        end_move(self._context.home)
        return len(copies)

    def _in_use(self) -> str:
        kind = self._context.chosen_store()
        return kind if kind in STORES else "keyring"

    def _begin(self, *, replace: bool) -> MoveRecord:
        """Check all that can stop it before anything is written."""
        texts = self._read(self.source)
        there = read_all(self.target, all_items(self._context, self.target))
        differing = [item for item, text in there.items() if item in texts and text != texts[item]]
        if differing and not replace:
            raise RefusedError(
                f"the {store_kind(self._names[1]).name} already has {plural(len(differing), 'other item')} of this home, "
                f"such as {item_id(differing[0])}",
                hint="Nothing was changed. To replace them by those in use, add --replace.",
            )
        _check_lengths(self.target, texts)
        record = MoveRecord(*self._names, tuple(item for item in there if item not in texts))
        begin_move(self._context.home, record)
        at_step("begun")
        return record

    def _copy(self, record: MoveRecord, tell: Tell) -> Texts:
        """Make the target hold what the source holds, and return that; what was removed since the move began goes, too."""
        texts = self._read(self.source)
        there = read_all(self.target, all_items(self._context, self.target))
        for item in there:
            if item not in texts and item not in record.own:
                self.target.delete(item)
        for done, (item, text) in enumerate(texts.items(), 1):
            if there.get(item) != text:
                self.target.write(item, text)
            at_step("copied")
            tell(done, len(texts))
        return texts

    def _switch(self) -> None:
        """Use the target, once it holds the same in every item while nobody can change one."""
        context = self._context
        with changing(context):
            record = unfinished_move(context.home)
            if record is None:
                raise StoreAwayError("the record of this move is gone", hint="Nothing was changed. Move again.")
            texts = self._copy(record, lambda done, of: None)
            if read_all(self.target, list(texts)) != texts:
                raise StoreAwayError(
                    f"the {store_kind(self._names[1]).name} does not hold what was written",
                    hint="Nothing was lost: the former store is still in use.",
                )
            at_step("compared")
            detail = {"from": record.source, "to": record.target, "items": len(texts)}
            context.journal.append([Draft(EventKind.STORE_MOVED, "", who("keybound"), detail)], context.clock())
            context.choose_store(record.target)
            touch(context.home.generation)
            at_step("switched")

    def _delete(self) -> Moved:
        """Delete from the former store what the one in use holds, or what was removed there since."""
        items = all_items(self._context, self.source)
        there = read_all(self.target, items)
        known = self._context.state.known()
        left = [
            item
            for item in items
            if item not in there and (one := known.get(item_id(item))) is not None and not one.removed
        ]
        for item in items:
            if item not in left:
                self.source.delete(item)
            at_step("deleted")
        if store_kind(self._names[0]).typed and not left:
            self.source.lock()
        return Moved(len(items) - len(left), tuple(map(item_id, left)))

    def _read(self, store: SecretStore) -> Texts:
        texts = read_all(store, all_items(self._context, store))
        damaged = [item for item, text in texts.items() if isinstance(text, Foreign)]
        if damaged:
            raise RefusedError(
                f"{plural(len(damaged), 'item')} cannot be read, such as {item_id(damaged[0])}",
                hint=f"Nothing was changed. Restore it from a backup, or: keybound remove {item_id(damaged[0])}",
            )
        return {item: text for item, text in texts.items() if isinstance(text, Secret)}


def _check_names(source: str, target: str) -> None:
    for name in (source, target):
        if name not in STORES:
            raise BadInputError(f"{name!r} is not a store", hint=f"Stores: {', '.join(STORES)}")
    if source == target:
        raise BadInputError("both stores are the same", hint="Run: keybound store move keyring file")


def _check_lengths(store: SecretStore, texts: Texts) -> None:
    for item, text in texts.items():
        if store.limit is not None and len(text) * 2 > store.limit:
            raise RefusedError(
                f"{item_id(item)} is longer than that store can hold",
                hint="Nothing was changed. Move or remove it first.",
            )
