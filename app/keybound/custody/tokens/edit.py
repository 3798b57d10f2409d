"""Save a profile's text: what the owner changes through Keybound is sealed in the same act."""

from collections.abc import Sequence
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import Held
from keybound.custody.envelopes.seal_record import SealRecord, seal_record
from keybound.custody.envelopes.text_change import TextChange, text_of
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Evaluation, Judged, evaluate
from keybound.custody.profiles.library import Library
from keybound.custody.providers.requests import Taken, keep_requests, take_requests
from keybound.custody.tokens.sealing import (
    known_of,
    known_record,
    matched_seal,
    profile_part_changed,
    profile_seal,
    profile_text,
    resealed,
    sticky_of,
)
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Profile
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import as_values
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.stores.state import Known


class Reseal(NamedTuple):
    """Before and after of one token, whose definition changes and was approved before."""

    before: Judged
    after: Judged


def family(library: Library, name: str) -> list[str]:
    """The profile and everything that descends from it."""
    found = [name]
    for one in found:
        found += [child for child in library.children(one) if child not in found]
    return found


def save_text(context: Context, name: str, text: str, expected: str | None) -> list[str]:
    """Write a profile's file and seal again what matched its seal before; return the ids sealed.

    Raises RefusedError where the file is no longer ``expected`` (None: it must not exist), BadInputError for a text
    that does not parse; then nothing is written.
    """
    path = context.home.profile_path(name)
    with changing(context):
        if text_of(path) != expected:
            raise RefusedError(f"{path} has changed in the meantime", hint="Nothing was written. Review it again.")
        return save_locked(context, name, text, expected)


def save_locked(
    context: Context, name: str, text: str, expected: str | None, carrier: Change | None = None
) -> list[str]:
    """Like :func:`save_text`, for a caller that holds the lock and has compared the file.

    ``carrier``: a change of the caller's own that the text is part of, so that both are made or neither.
    """
    proposed = Library(context.home, {name: text})
    proposed.load(name)  # raises where it does not parse
    names = family(proposed, name)
    before = evaluate(context, [one for one in names if expected is not None or one != name])
    after = evaluate(context, names, proposed)
    tokens = _tokens_to_seal(before, after)
    seals = _profiles_to_seal(before, after)
    change = carrier or Change(EventKind.PROFILE, name, detail={"sealed": len(tokens)})
    text_change = TextChange(context.home.profile_path(name), expected, text)
    return _write(context, change._replace(text=text_change), tokens, seals)


def _tokens_to_seal(before: Evaluation, after: Evaluation) -> list[Reseal]:
    old = {one.id: one for one in before.judged}
    return [
        Reseal(old[one.id], one)
        for one in after.judged
        if one.id in old and matched_seal(old[one.id]) and one.inputs and not matched_seal(one)
    ]


def _profiles_to_seal(before: Evaluation, after: Evaluation) -> list[tuple[Profile, Held]]:
    found = []
    for name, loaded in after.loaded.items():
        held = after.seals[name]
        was = before.loaded.get(name)
        approved = was is None or not profile_part_changed(was.profile, held)
        if approved and profile_part_changed(loaded.profile, held):
            found.append((loaded.profile, held))
    return found


def _write(
    context: Context,
    change: Change,
    tokens: Sequence[Reseal],
    seals: Sequence[tuple[Profile, Held]],
) -> list[str]:
    """One change with the text and what is sealed with it; then one for each seal that no note can be made of.

    A kill before such a one leaves its token unapproved, never released.
    """
    later = []
    for profile, held in seals:
        after = profile_seal(context, profile, held)
        known = known_record(after, profile_text(profile), held.known)
        if held.envelope is None and change.put is None:
            change = change._replace(put=after, known=(*change.known, known))
        elif held.envelope is not None and (note := seal_record(held.envelope, after)):
            change = _with_seal(change, after, note, known)
        else:
            later.append(Change(EventKind.SEALED, profile.name, put=after, known=(known,)))
    for one in tokens:
        sealed, before = _sealed(context, one.after, EventKind.SEALED), one.after.held.envelope
        if sealed is None or before is None:
            continue
        envelope, known = sealed
        if note := seal_record(before, envelope):
            change = _with_seal(change, envelope, note, known)
        else:
            later.append(Change(EventKind.SEALED, str(one.after.id), put=envelope, known=(known,)))
    for each in (change, *later):
        transaction.run(context, each)
    return [str(one.after.id) for one in tokens]


def _with_seal(change: Change, after: Envelope, note: SealRecord, known: Known) -> Change:
    return change._replace(seals=(*change.seals, (after, note)), known=(*change.known, known))


def seal_profile(context: Context, profile: Profile, held: Held) -> None:
    """Seal a profile's own part as it stands."""
    envelope = profile_seal(context, profile, held)
    known = known_record(envelope, profile_text(profile), held.known)
    transaction.run(context, Change(EventKind.SEALED, profile.name, put=envelope, known=(known,)))


def seal_token(context: Context, one: Judged, action: EventKind) -> None:
    """Seal a token's definition and readings as they were judged; a sticky expiry stays."""
    sealed = _sealed(context, one, action)
    if sealed is not None:
        transaction.run(context, Change(action, str(one.id), put=sealed[0], known=(sealed[1],)))


def _sealed(context: Context, one: Judged, action: EventKind) -> tuple[Envelope, Known] | None:
    """The next envelope, and what the state keeps of it; None for a token without one."""
    if one.inputs is None or one.loaded is None or one.held.envelope is None:
        return None
    profile, token = one.loaded.profile, one.inputs.token
    latest = max(one.held.envelope.epoch, one.held.known.epoch if one.held.known else 0)
    base = one.held.envelope._replace(epoch=latest)  # an approved older copy is newer than what it replaces
    envelope = resealed(context, base, token, profile, one.inputs.readings)
    if action is EventKind.SEALED:  # an edit never clears, or takes, what only the owner's approval does
        sticky = sticky_of(one.held, stamp(context.clock()))
        envelope = envelope._replace(sticky=sticky, requests=keep_requests(context, token, profile, envelope))
    else:
        envelope = envelope._replace(requests=requests_if_approved(context, one).requests)
    return envelope, known_of(envelope, token, profile, one.held.known)


def entry_differs(context: Context, one: Judged) -> bool:
    """Whether the entry of the token's provider says something else than what was approved."""
    before = one.held.envelope.requests if one.held.envelope else {}
    return as_values(before) != as_values(requests_if_approved(context, one).requests)


def requests_if_approved(context: Context, one: Judged) -> Taken:
    """What an approval takes from the entry of the token's provider, as it is now."""
    if one.inputs is None or one.loaded is None or one.held.envelope is None:
        return Taken({})
    return take_requests(context, one.inputs.token, one.loaded.profile, one.held.envelope)
