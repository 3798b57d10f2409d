"""What becomes of one token of a backup: nothing here is lost unasked, and nothing that ended here comes back alive."""

from typing import NamedTuple

from keybound.custody.backup.contents import Contents
from keybound.custody.backup.other_home import sealed_here
from keybound.custody.backup.steps import Act, ItemStep, Step
from keybound.custody.context.home import Home
from keybound.custody.envelopes.envelopes import Held, item_id
from keybound.custody.profiles.library import Loaded
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import State
from keybound.domain.verdict.sticky import EXPIRED, Sticky, stuck
from keybound.stores.base import Item
from keybound.stores.journal.journal import Event
from keybound.stores.state import Known

_UNAPPROVED = "unapproved"


class Here(NamedTuple):
    """What this machine has and knows. ``ended``: the event that ended it since the backup was made.

    ``loaded``: the profile as it will be; ``may_be_approved``: its text is the backup's, and the backup is believed.
    """

    home: Home
    held: Held
    ended: Event | None
    loaded: Loaded | None
    may_be_approved: bool


def token_step(contents: Contents, item: Item, here: Here, *, replace: bool) -> ItemStep:
    """Decide it."""
    id_, there, held = item_id(item), contents.items[item], here.held
    if held.envelope is not None and not replace and _expires_here(contents, there, held):
        return _expired(item, held.envelope, there, _end_there(contents, there))
    if held.envelope is not None and (held.envelope.incarnation, held.envelope.secret) == (
        there.incarnation,
        there.secret,
    ):
        return ItemStep(Step("token", id_, Act.SAME), item)
    if not replace and (held.envelope is not None or held.blocked is not None):
        return _left(item, "another secret is here")
    if not replace and _is_removed(here):
        return _left(item, "it was removed here")
    envelope, text = _made_anew(contents, there, here)
    act = Act.REPLACE if held.envelope is not None else Act.RESTORE
    return ItemStep(Step("token", id_, act, _comes_back(envelope, here.loaded)), item, envelope, text)


def seal_step(contents: Contents, item: Item, here: Here) -> ItemStep:
    """The same for the approval of a profile's own part: never in place of another one."""
    there, id_ = contents.items[item], item_id(item)
    if here.held.envelope is not None or here.held.blocked is not None:
        return ItemStep(Step("approval", id_, Act.SAME), item)
    if not here.may_be_approved or _is_older(there, here.held.known) or _is_older(there, contents.known.get(id_)):
        return ItemStep(Step("approval", id_, Act.LEAVE, "approve it again"), item)
    envelope = there._replace(home=here.home.config, epoch=_next_epoch(there, here.held))
    text = contents.known[id_].sealed_text if id_ in contents.known else ""
    return ItemStep(Step("approval", id_, Act.RESTORE), item, envelope, text)


def left_to_revoke_step(contents: Contents, item: Item, here: Here) -> ItemStep:
    """The same for secrets that are still to be revoked."""
    id_, there = item_id(item), contents.items[item]
    if here.held.envelope is not None or here.held.blocked is not None:
        return ItemStep(Step("to revoke", id_, Act.SAME), item)
    return ItemStep(Step("to revoke", id_, Act.RESTORE), item, there._replace(home=here.home.config))


def _left(item: Item, why: str) -> ItemStep:
    return ItemStep(Step("token", item_id(item), Act.LEAVE, why, can_replace=True), item)


def _expires_here(contents: Contents, there: Envelope, held: Held) -> bool:
    """Whether the backup is newer than what is here of the same token, and knows that it expired."""
    here = held.envelope
    if here is None or here.incarnation != there.incarnation or there.epoch <= here.epoch:
        return False
    pending = held.known.pending if held.known else ""
    return _end_there(contents, there) is not None and stuck(here.sticky, pending) is None


def _expired(item: Item, here: Envelope, there: Envelope, end: Sticky | None) -> ItemStep:
    envelope = here._replace(sticky=end, epoch=max(here.epoch, there.epoch) + 1)
    note = "the backup is newer, and knows that it expired"
    return ItemStep(Step("token", item_id(item), Act.EXPIRE, note), item, envelope)


def _made_anew(contents: Contents, there: Envelope, here: Here) -> tuple[Envelope, str]:
    """The envelope for this home. An older copy of what this machine knows is not approved."""
    known = contents.known.get(there.id)
    envelope, text = sealed_here(there, known.sealed_text if known else "", contents.head, here.home, here.loaded)
    approved = here.may_be_approved and not _is_older(there, here.held.known) and not _is_older(there, known)
    made = envelope._replace(
        home=here.home.config,
        epoch=_next_epoch(there, here.held),
        sticky=_end_there(contents, there) or _end_here(here) or there.sticky,
        digest=envelope.digest if approved else "",
    )
    return made, text


def _end_there(contents: Contents, there: Envelope) -> Sticky | None:
    known = contents.known.get(there.id)
    return stuck(there.sticky, known.pending if known else "")


def _end_here(here: Here) -> Sticky | None:
    """The expiry that this machine knows, from whatever is left of its state."""
    known, envelope = here.held.known, here.held.envelope
    found = stuck(envelope.sticky if envelope else None, known.pending if known else "")
    if found is not None:
        return found
    if here.ended is not None and here.ended.kind == EventKind.EXPIRED:
        return Sticky(EXPIRED, "it has expired here since the backup was made", here.ended.at)
    if known is not None and known.verdict == State.EXPIRED.word:
        return Sticky(EXPIRED, "it had expired here before it was restored", "")
    return None


def _is_removed(here: Here) -> bool:
    known = here.held.known
    return (known is not None and known.removed) or (here.ended is not None and here.ended.kind == EventKind.REMOVED)


def _is_older(envelope: Envelope, known: Known | None) -> bool:
    """Whether a state knows of something later than this envelope."""
    if known is None:
        return False
    return known.removed or known.incarnation != envelope.incarnation or known.epoch > envelope.epoch


def _next_epoch(there: Envelope, held: Held) -> int:
    epochs = [there.epoch]
    epochs += [
        one.epoch for one in (held.known, held.envelope) if one is not None and one.incarnation == there.incarnation
    ]
    return max(epochs) + 1


def _comes_back(envelope: Envelope, loaded: Loaded | None) -> str:
    token = loaded.profile.tokens.get(parse_token_id(envelope.id).name) if loaded else None
    if envelope.sticky is not None and envelope.sticky.state == EXPIRED:
        return "expired"
    if loaded is None or token is None:
        return "without a definition"
    is_approved = envelope.digest == definition_digest(definition_record(token, loaded.profile))
    return "as it was" if is_approved else _UNAPPROVED
