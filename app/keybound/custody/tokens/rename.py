"""Rename a profile: its secrets move with it, and its children extend the new name."""

from keybound.custody.context.context import Context
from keybound.custody.context.paths import IN_USE
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import Held, profile_item, token_item
from keybound.custody.envelopes.text_change import TextChange, check_writable
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged, evaluate
from keybound.custody.profiles.choose_profile import active_profile
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.rename_in_config import rename_in_config
from keybound.custody.tokens.edit import save_locked, seal_profile
from keybound.custody.tokens.sealing import known_of, matched_seal, profile_part_changed, removed_record, sticky_of
from keybound.domain.errors import RefusedError
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId, check_name
from keybound.sources.editing.edit_toml import set_value


def rename_profile(context: Context, old: str, new: str) -> str:
    """Copy the file and each envelope under the new name, then remove the old ones: a kill in between loses none.

    What was unapproved stays unapproved. Raises NotFoundError, RefusedError where the new name is taken, BadInputError.
    """
    check_name(new, "profile")
    with changing(context):
        library = Library(context.home)
        page = library.page(old)
        if new in library.names():
            raise RefusedError(f"profile {new} already exists")
        _check_texts(context, library, old, new)
        before = evaluate(context, [old])
        part_sealed = not profile_part_changed(before.loaded[old].profile, before.seals[old])
        written = TextChange(context.home.profile_path(new), None, page.text)
        transaction.run(context, Change(EventKind.PROFILE, new, text=written, detail={"sealed": 0}))
        after = evaluate(context, [new])
        moved = {one.id.name: one for one in after.judged}
        for one in before.judged:
            _move(context, one, moved[one.id.name])
        if part_sealed and profile_part_changed(after.loaded[new].profile, after.seals[new]):
            seal_profile(context, after.loaded[new].profile, after.seals[new])
        for child in library.children(old):
            text = library.page(child).text
            save_locked(context, child, set_value(text, ("extends",), new), text)
        _remove_old(context, old, page.text, before.judged, before.seals[old])
        if active_profile(context) == old:
            context.write_line(IN_USE, new)
        left = rename_in_config(context.home, old, new)
    return f"{old} is now {new}{left}"


def _check_texts(context: Context, library: Library, old: str, new: str) -> None:
    """Raise UnavailableError before anything is moved where one of the files cannot be written."""
    page = library.page(old)
    children = [library.page(child) for child in library.children(old)]
    check_writable(
        TextChange(context.home.profile_path(new), None, page.text),
        *(TextChange(child.path, child.text, child.text) for child in children),
        TextChange(page.path, page.text, None),
    )


def _move(context: Context, before: Judged, after: Judged) -> None:
    envelope, inputs, loaded = before.held.envelope, after.inputs, after.loaded
    if envelope is None or inputs is None or loaded is None:
        return
    token, profile = inputs.token, loaded.profile
    digest = definition_digest(definition_record(token, profile)) if matched_seal(before) else envelope.digest
    sticky = sticky_of(before.held, stamp(context.clock()))
    moved = envelope._replace(id=str(after.id), epoch=1, digest=digest, sticky=sticky)
    known = known_of(moved, token, profile, before.held.known)
    transaction.run(
        context, Change(EventKind.MOVED, str(after.id), put=moved, known=(known,), detail={"from": str(before.id)})
    )


def _remove_old(context: Context, old: str, text: str, judged: tuple[Judged, ...], seal: Held) -> None:
    items = [token_item(TokenId(old, one.id.name)) for one in judged if one.held.envelope is not None]
    known = tuple(row for held in (seal, *(one.held for one in judged)) for row in removed_record(held))
    change = TextChange(context.home.profile_path(old), text, None)
    delete = (*items, profile_item(old))
    transaction.run(context, Change(EventKind.PROFILE_RENAMED, old, delete=delete, text=change, known=known))
