"""How things stand: the store, the profile in use, what this shell holds, and what asks for its owner."""

import os
from collections.abc import Iterator

from keybound.custody.application.usage import unusual
from keybound.custody.backup.last_backup import last_backup
from keybound.custody.context.context import Context
from keybound.custody.context.exported import still_held
from keybound.custody.envelopes.unfinished import records
from keybound.custody.evaluation.evaluate import Evaluation
from keybound.custody.evaluation.orphans import orphans
from keybound.custody.profiles.choose_profile import choose
from keybound.custody.profiles.library import Library
from keybound.custody.rotation.revocation import pending_of
from keybound.custody.shell_state.hooked import hook_of, hooked_shell
from keybound.custody.store_change.unfinished_change import unfinished_store_changes
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.custody.tokens.unapproved_parts import unapproved_parts
from keybound.custody.view_models.status import Attention, LastBackup, Status
from keybound.domain.errors import BadInputError, NotFoundError, StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.counts import plural
from keybound.domain.verdict.states import STATES, State
from keybound.domain.verdict.sticky import from_pending
from keybound.stores import watchers


def status(context: Context) -> Status:
    """Look, and record what is found, as every look does."""
    profile, how, notes = _profile(context)
    store, opened, reason, found = _looked(context)
    return Status(
        store=store,
        opened=opened,
        reason=reason,
        profile=profile,
        how=how,
        held=still_held(context.environ),
        attention=(*notes, *_waiting(context), *found, *_unusual(context)),
        hook=hooked_shell(context.home.state),
        watcher=_watcher(context.home.state),
        alerts=context.unseen_alerts(),
        backup=_backup(context),
        to_hook=hook_of(context.environ.get("SHELL", "")),
    )


def _profile(context: Context) -> tuple[str, str, list[Attention]]:
    try:
        chosen = choose(context)
    except NotFoundError as none:
        return "", none.what, []
    except BadInputError as fault:
        return "", str(fault), [Attention("", None, str(fault))]
    notes = [Attention("", None, note) for note in chosen.notes]
    if not os.path.lexists(context.home.profile_path(chosen.profile)):
        notes.append(Attention(chosen.profile, None, "the profile in use no longer exists: keybound use PROFILE"))
    return chosen.profile, chosen.how, notes


def _looked(context: Context) -> tuple[str, str, str, list[Attention]]:
    kind = context.store_kind()
    if not kind:
        return "", "none", "no store is chosen yet: keybound init", []
    try:
        evaluation = evaluate_and_record(context, Library(context.home).names())
        found = [*_faults(evaluation), *_parts(evaluation), *_tokens(context, evaluation), *_lost(context, evaluation)]
    except StoreLockedError as fault:
        return kind, "locked", f"{fault.what}: keybound unlock", list(_known(context))
    except StoreAwayError as fault:
        return kind, "away", fault.what, list(_known(context))
    except UnavailableError as fault:
        return kind, "open", "", [Attention("", None, str(fault))]
    return kind, "open", "", found


def _faults(evaluation: Evaluation) -> Iterator[Attention]:
    return (Attention(name, None, str(fault)) for name, fault in evaluation.faults.items())


def _parts(evaluation: Evaluation) -> Iterator[Attention]:
    return (Attention(name, State.UNAPPROVED, why) for name, why in unapproved_parts(evaluation))


def _tokens(context: Context, evaluation: Evaluation) -> Iterator[Attention]:
    for one in evaluation.judged:
        never_added = one.verdict.state is State.MISSING and one.token is not None and one.token.inherited
        if one.verdict.state is not State.ACTIVE and not never_added:
            yield Attention(str(one.id), one.verdict.state, one.verdict.why)
        if (left := pending_of(context, one.held.envelope)) is not None and left.failed is not None:
            yield Attention(
                str(one.id), None, f"{plural(left.secrets, 'secret')} still to be revoked: {left.failed.why}"
            )


def _unusual(context: Context) -> Iterator[Attention]:
    try:
        return (Attention(id_, State.WARNING, f"used as never before: {why}") for id_, why in unusual(context).items())
    except UnavailableError as fault:
        return iter([Attention("", None, str(fault))])


def _lost(context: Context, evaluation: Evaluation) -> Iterator[Attention]:
    return (
        Attention(id_, None, f"it has a secret but no definition: keybound adopt {id_}")
        for id_ in orphans(context, evaluation)
    )


def _known(context: Context) -> Iterator[Attention]:
    """What was last known; the store cannot be reached."""
    for one in context.state.known().values():
        pending = from_pending(one.pending)
        state = State.EXPIRED if pending else STATES.get(one.verdict, State.ACTIVE)
        if "/" in one.id and not one.removed and state is not State.ACTIVE:
            yield Attention(one.id, state, pending.why if pending else "last known; the store cannot be reached")


def _waiting(context: Context) -> Iterator[Attention]:
    for path, record in records(context.home):
        if record is None:
            yield Attention("", None, f"{path}: the record of an unfinished change is damaged")
        else:
            text = f", until {record.text.path} can be written" if record.text else ""
            yield Attention(record.id, None, f"an unfinished change is pending ({record.action}){text}")
    for line in unfinished_store_changes(context):
        yield Attention("", None, line)


def _backup(context: Context) -> LastBackup | None:
    try:
        return last_backup(context)
    except UnavailableError:
        return None  # that the state cannot be used is said by what needs it


def _watcher(state: str) -> str:
    """Where both do, the person's acts."""
    if watchers.is_watched(state):
        return "watch"
    return "agent" if watchers.is_watched(state, watchers.AGENT) else ""
