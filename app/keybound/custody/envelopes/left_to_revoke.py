"""What a token that is removed leaves to be revoked: an item of its own, which stays until its provider has ended it."""

import os

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.envelopes import envelope_at, item_id
from keybound.custody.envelopes.transaction import Change
from keybound.domain.errors import RefusedError
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.base import Item

PART = "revoke"
_LEFT = "left to revoke"


def keep_to_revoke(context: Context, item: Item, envelope: Envelope | None) -> None:
    """Put aside what is still to be revoked of the token with this item. The caller holds the exclusive lock.

    Raises RefusedError where the store could not find it again; nothing is changed then.
    """
    if envelope is None or not envelope.retired:
        return
    if item not in context.store.items():
        raise RefusedError(
            f"{envelope.id} still has secrets to be revoked, and this store could not find them again",
            hint=f"First: keybound revoke --pending {envelope.id}",
        )
    note_left(context)
    transaction.run(context, Change(EventKind.RETIRED, envelope.id, put=_kept(context, item, envelope)))


def note_left(context: Context) -> None:
    """Remember that there is such an item, or will be."""
    context.state.set_meta(_LEFT, "yes")


def something_was_left(context: Context) -> bool:
    """Whether such an item was once written, so that it is worth a search."""
    return context.state.get_meta(_LEFT) is not None


def _kept(context: Context, item: Item, envelope: Envelope) -> Envelope:
    before = envelope_at(context, item._replace(part=PART))
    retired = (*(before.retired if before else ()), *envelope.retired)
    epoch = before.epoch + 1 if before else 1
    incarnation = before.incarnation if before else os.urandom(8).hex()
    return Envelope(context.home.config, item_id(item), PART, incarnation, epoch, None, retired=retired)
