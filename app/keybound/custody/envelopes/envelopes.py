"""Envelopes in the store: fetch in one batch, believe or refuse."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.seal.envelope import (
    Envelope,
    EnvelopeError,
    EnvelopeUnreadError,
    UnknownFormatError,
    decode_envelope,
)
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import State
from keybound.stores.base import Foreign, Item
from keybound.stores.state import Known

Blocked = tuple[State, str]
_ACCEPTED = "accepted_clock"


class Held(NamedTuple):
    """What the store and the state hold of one token, or of one profile's own seal."""

    envelope: Envelope | None
    known: Known | None
    blocked: Blocked | None = None


def token_item(token: TokenId) -> Item:
    """The address of a token's envelope."""
    return Item(token.profile, token.name, "token")


def profile_item(profile: str) -> Item:
    """The address of a profile's own seal."""
    return Item(profile, None, "profile")


def item_id(item: Item) -> str:
    """The id that an envelope at this address must carry."""
    return item.profile if item.name is None else f"{item.profile}/{item.name}"


def fetch(context: Context, items: Iterable[Item]) -> dict[Item, Held]:
    """Read envelopes and what is known of them. Raises StoreLockedError, StoreAwayError."""
    wanted = list(dict.fromkeys(items))
    texts = context.store.read(wanted)
    known = context.state.known([item_id(item) for item in wanted])
    accepted = accepted_times(context)
    found = {item: _held(context, item, texts, known) for item in wanted}
    return {item: held._replace(envelope=_as_accepted(held.envelope, accepted)) for item, held in found.items()}


def opened(context: Context, item: Item, text: Secret | Foreign) -> Envelope:
    """The envelope in what the store gave. Raises EnvelopeError for one that is damaged or belongs elsewhere."""
    if isinstance(text, Foreign) and text.why:
        raise EnvelopeUnreadError(f"its file cannot be read: {text.why}: {text.where}")
    if isinstance(text, Foreign):
        raise EnvelopeError(f"its file is damaged or belongs to another store; restore it from a backup: {text.where}")
    return decode_envelope(text, context.home.config, item_id(item), item.part)


def envelope_at(context: Context, item: Item) -> Envelope | None:
    """The envelope at an address, read now; None where there is none that can be believed. Raises UnavailableError."""
    texts = context.store.read([item])
    try:
        return opened(context, item, texts[item]) if item in texts else None
    except EnvelopeError:
        return None


def needed(held: Held, token: TokenId, purpose: str) -> Envelope:
    """The envelope of a token that is to be changed; ``purpose``: "to approve".

    Raises RefusedError where there is one that cannot be believed, NotFoundError where there is none.
    """
    if held.envelope is not None:
        return held.envelope
    refuse_unread(held, token)
    raise NotFoundError(f"{token} has no secret {purpose}", hint=f"Add it: keybound add {token}")


def refuse_unread(held: Held, token: TokenId) -> None:
    """Raise RefusedError where the store holds something that cannot be believed."""
    if held.envelope is None and held.blocked is not None:
        raise RefusedError(f"{token} cannot be read: {held.blocked[1]}", hint=f"To delete it: keybound remove {token}")


def accept_time(context: Context, moment: str, length: int) -> None:
    """Remember that the clock was accepted at ``moment``, by the event that made the journal this long."""
    before = context.state.get_meta(_ACCEPTED) or ""
    context.state.set_meta(_ACCEPTED, f"{before} {length}={moment}".strip())


def accepted_times(context: Context) -> tuple[tuple[int, str], ...]:
    """The journal's length and the moment, each time that the clock was accepted."""
    rows = [one.partition("=") for one in (context.state.get_meta(_ACCEPTED) or "").split()]
    return tuple((int(length), moment) for length, _, moment in rows if length.isdigit() and moment)


def _as_accepted(envelope: Envelope | None, accepted: tuple[tuple[int, str], ...]) -> Envelope | None:
    """An envelope of before the clock was accepted: times after that moment read as that moment."""
    if envelope is None:
        return None
    moment = min((at for length, at in accepted if envelope.anchor_length <= length), default="")
    if not moment:
        return envelope
    sticky = envelope.sticky._replace(at=min(envelope.sticky.at, moment)) if envelope.sticky else None
    return envelope._replace(
        sealed_at=min(envelope.sealed_at, moment), refreshed_at=min(envelope.refreshed_at, moment), sticky=sticky
    )


def _held(context: Context, item: Item, texts: Mapping[Item, Secret | Foreign], known: Mapping[str, Known]) -> Held:
    id_ = item_id(item)
    remembered = known.get(id_)
    if item not in texts:
        return Held(None, remembered)
    try:
        envelope = opened(context, item, texts[item])
    except (UnknownFormatError, EnvelopeUnreadError) as fault:
        return Held(None, remembered, (State.SUSPENDED, str(fault)))
    except EnvelopeError as fault:
        return Held(None, remembered, (State.UNAPPROVED, str(fault)))
    return Held(envelope, remembered, _older(envelope, remembered))


def _older(envelope: Envelope, known: Known | None) -> Blocked | None:
    if known is None:
        return None  # a lost state adopts what the store holds
    behind = envelope.incarnation == known.incarnation and envelope.epoch < known.epoch
    if known.removed or behind or envelope.incarnation != known.incarnation:
        return (State.UNAPPROVED, "an older copy of it was restored")
    return None
