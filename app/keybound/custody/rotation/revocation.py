"""Revoke secrets that were put aside: each is tried until its provider has ended it, whatever restarts in between.

The queue lies with the secrets: in a token's own envelope, and for a token that was removed in an item of its own (part
``revoke``). A kill after the provider's answer and before it is written repeats that one request.
"""

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import envelope_at, fetch, token_item
from keybound.custody.envelopes.left_to_revoke import PART, something_was_left
from keybound.custody.envelopes.transaction import Change
from keybound.custody.rotation.revoking import Outcome, carry_out
from keybound.custody.rotation.tries import Attempt, Tries, is_due, note_failure, note_success, tries
from keybound.custody.tokens.sealing import known_record
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.retired import Retired
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId, parse_token_id
from keybound.stores.base import Item
from keybound.stores.lock import exclusive
from keybound.stores.state import Known

_WAIT = 90.0  # seconds to wait for another process that revokes


class Pending(NamedTuple):
    """How many secrets of one token are still to be revoked. ``due``: when the first one may be (ISO 8601)."""

    id: str
    secrets: int
    due: str
    failed: Tries | None


def pending(context: Context) -> list[Pending]:
    """All that is to be revoked. Raises UnavailableError."""
    return [_pending(context, envelope) for envelope in _queues(context, None).values()]


def pending_of(context: Context, envelope: Envelope | None) -> Pending | None:
    """What is to be revoked of one token."""
    return _pending(context, envelope) if envelope is not None and envelope.retired else None


def revoke_pending(
    context: Context,
    ids: frozenset[str] | None = None,
    envelopes: Iterable[Envelope] | None = None,
    *,
    now: bool = False,
) -> list[Attempt]:
    """Revoke what is due (of the tokens named, or all); return each try. Raises UnavailableError.

    ``envelopes``: those of a look that was just made, so that they are not read again. ``now``: also what failed a moment
    ago, or has its overlap before it.
    """
    tried: list[Attempt] = []
    for item, envelope in _queues(context, envelopes).items():
        if ids is not None and envelope.id not in ids:
            continue
        if now or is_to_revoke(context, envelope):
            tried += _revoke(context, item, everything=now)
    return tried


def is_to_revoke(context: Context, envelope: Envelope | None) -> bool:
    """Whether something of it is to be revoked now."""
    if envelope is None or not _due(envelope, stamp(context.clock())):
        return False
    return is_due(context, _work(envelope.id))


def forget_pending(context: Context, token: TokenId) -> int:
    """Drop what is still to be revoked of a token: its owner has done it elsewhere. Returns how many secrets that were."""
    count = 0
    for item, envelope in _queues(context, None).items():
        if envelope.id == str(token):
            for one in envelope.retired:
                _settle(context, item, one, Outcome(True, "", detail={"by": "owner"}))
                count += 1
            note_success(context, _work(envelope.id))
    return count


def _pending(context: Context, envelope: Envelope) -> Pending:
    due = min(one.due for one in envelope.retired)
    return Pending(envelope.id, len(envelope.retired), due, tries(context, _work(envelope.id)))


def _queues(context: Context, envelopes: Iterable[Envelope] | None) -> dict[Item, Envelope]:
    """The items that hold something to revoke, those of removed tokens too."""
    found = _stored(context) if envelopes is None else envelopes
    own = {transaction.envelope_item(one): one for one in found if one.retired}
    if envelopes is not None and not something_was_left(context):
        return own  # the store is searched only where something was left
    left = [item for item in context.store.items() if item.part == PART]
    return own | {item: one for item in left for one in [envelope_at(context, item)] if one is not None}


def _stored(context: Context) -> Iterator[Envelope]:
    ids = [parse_token_id(one.id) for one in context.state.known().values() if "/" in one.id and not one.removed]
    held = fetch(context, [token_item(one) for one in ids])
    return (one.envelope for one in held.values() if one.envelope is not None)


def _due(envelope: Envelope, now: str) -> list[Retired]:
    return [one for one in envelope.retired if one.due <= now]


def _revoke(context: Context, item: Item, *, everything: bool) -> Iterator[Attempt]:
    """Try each secret of one item, one process at a time."""
    with exclusive(_lock(context, item), _WAIT):
        envelope = envelope_at(context, item)
        if envelope is None:
            return
        wanted = list(envelope.retired) if everything else _due(envelope, stamp(context.clock()))
        for one in wanted:
            outcome = carry_out(context, envelope, one)
            if outcome.done:
                _settle(context, item, one, outcome)
                note_success(context, _work(envelope.id))
                yield Attempt(f"{envelope.id}: {outcome.words}")
            else:
                note_failure(context, _work(envelope.id), outcome.words, outcome.retry_after)
                yield Attempt(f"{envelope.id}: a secret is not revoked yet: {outcome.words}", failed=True)


def _settle(context: Context, item: Item, done: Retired, outcome: Outcome) -> None:
    """Take a revoked secret off the list; an item of its own goes with its last one."""
    with changing(context):
        envelope = envelope_at(context, item)
        if envelope is None:
            return
        rest = tuple(one for one in envelope.retired if one.secret != done.secret)
        change = Change(EventKind.REVOKED, envelope.id, detail=outcome.detail)
        if item.part == PART and not rest:
            transaction.run(context, change._replace(delete=(item,)))
            return
        put = envelope._replace(retired=rest, epoch=envelope.epoch + 1)
        transaction.run(context, change._replace(put=put, known=_known(context, put)))


def _known(context: Context, envelope: Envelope) -> tuple[Known, ...]:
    if envelope.part == PART:
        return ()
    before = context.state.known([envelope.id]).get(envelope.id)
    return (known_record(envelope, before.sealed_text if before else "", before),)


def _lock(context: Context, item: Item) -> str:
    return os.path.join(context.home.state, "locks", item.profile, f"{item.name}.revoke")


def _work(token: str) -> str:
    return f"revoke {token}"
