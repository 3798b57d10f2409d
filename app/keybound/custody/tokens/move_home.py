"""Take over the items of a home that was moved: they carry its former name, and nobody else's items are touched."""

from collections.abc import Sequence
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.home_record import write_record
from keybound.custody.context.paths import from_here
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.envelopes import item_id, token_item
from keybound.custody.envelopes.transaction import Change
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.sealing import known_record
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.seal.envelope import Envelope, EnvelopeError, decode_envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import parse_token_id
from keybound.stores.base import Ask, Foreign, Item, SecretStore, Status
from keybound.stores.choice import open_store
from keybound.stores.lock import exclusive_in_turn


class Moved(NamedTuple):
    """An item of the former home. ``state``: what stays of it until its owner acts, "" for nothing; None: a profile's own."""

    item: Item
    envelope: Envelope

    @property
    def line(self) -> str:
        """One line for a person."""
        if self.item.name is None:
            return f"{self.item.profile}: the approval of its [env] and [roles.grants]"
        sticky = self.envelope.sticky
        return f"{item_id(self.item)}" + (f"  {sticky.state}: {sticky.why}" if sticky else "")


class FormerHome:
    """The items of the home whose configuration folder was ``config``."""

    def __init__(self, context: Context, config: str) -> None:
        self._context = context
        self.config = from_here(config)
        if self.config == context.home.config:
            raise RefusedError(f"{self.config} is this home", hint="Give its former configuration folder.")
        kind = context.store_kind()
        self._store: SecretStore = open_store(
            kind, config_dir=self.config, data_dir=context.home.data, environ=context.environ
        )

    def open(self, ask: Ask | None) -> None:
        """Open the store under the former name. Raises StoreLockedError, StoreAwayError."""
        if self._store.status() is not Status.OPEN:
            self._store.unlock(ask)

    def items(self) -> list[Moved]:
        """What is there, profiles' own parts too. Raises NotFoundError where there is nothing, UnavailableError."""
        found = self._read(sorted(self._wanted(), key=str))
        if not found:
            raise NotFoundError(f"the store holds nothing of {self.config}", hint="Is that its configuration folder?")
        return found

    def _wanted(self) -> set[Item]:
        library = Library(self._context.home)
        known = {one.id for one in self._context.state.known().values() if not one.removed}
        tokens = {token_item(parse_token_id(one)) for one in known if "/" in one}
        profiles = {
            Item(name, None, "profile") for name in {*library.names(), *(one for one in known if "/" not in one)}
        }
        return {*self._store.items(), *tokens, *profiles}

    def _read(self, items: Sequence[Item]) -> list[Moved]:
        texts = self._store.read(items)
        found = []
        for item, text in texts.items():
            if isinstance(text, Foreign):
                continue
            try:
                found.append(Moved(item, decode_envelope(text, self.config, item_id(item), item.part)))
            except EnvelopeError:
                continue  # it stays where it is, and can be put back by hand
        return found

    def take_over(self, seen: Sequence[Moved]) -> list[str]:
        """Keep each item under this home's name, states and all, then let the former ones go; return ids left as they were.

        What this home has already is left. A kill in between loses nothing: the same command goes on.
        """
        context, left = self._context, []
        with exclusive_in_turn(context.home.lock):
            transaction.recover(context)
            own = context.store.read([one.item for one in seen])
            for one in seen:
                if one.item in own:
                    left.append(item_id(one.item))
                    continue
                self._keep(one)
            write_record(context.home.state, context.home.config, context.home.user)
            for one in seen:
                if one.item not in own:
                    self._store.delete(one.item)
        return left

    def _keep(self, one: Moved) -> None:
        context, id_ = self._context, item_id(one.item)
        before = context.state.known([id_]).get(id_)
        same = before is not None and before.incarnation == one.envelope.incarnation
        latest = max(one.envelope.epoch, before.epoch if before and same else 0)
        envelope = one.envelope._replace(home=context.home.config, epoch=latest + 1)
        known = known_record(envelope, before.sealed_text if before else "", before)
        change = Change(EventKind.ADOPTED, id_, put=envelope, known=(known,), detail={"from": self.config})
        transaction.run(context, change)
