"""Remove a profile that nothing extends: its secrets, its own seal, then its file."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import fetch, profile_item, token_item
from keybound.custody.envelopes.left_to_revoke import keep_to_revoke
from keybound.custody.envelopes.text_change import TextChange
from keybound.custody.envelopes.transaction import Change
from keybound.custody.profiles.library import Library
from keybound.domain.errors import RefusedError
from keybound.domain.text.counts import plural
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import TokenId
from keybound.stores.base import Item


def remove_profile(context: Context, name: str) -> str:
    """Remove it. Raises RefusedError while profiles extend it, NotFoundError where there is none."""
    with changing(context):
        library = Library(context.home)
        page = library.page(name)
        if children := library.children(name):
            raise RefusedError(f"{name} is extended by {', '.join(children)}", hint="Remove or change them first.")
        items = _items(context, name)
        held = fetch(context, items)
        for item in items:
            keep_to_revoke(context, item, held[item].envelope)
        stored = tuple(item for item in items if held[item].envelope is not None)
        known = tuple(one.known._replace(removed=True, pending="") for one in held.values() if one.known)
        text = TextChange(page.path, page.text, None)
        transaction.run(context, Change(EventKind.PROFILE_REMOVED, name, delete=stored, text=text, known=known))
    left = sum(len(one.envelope.retired) for one in held.values() if one.envelope is not None)
    later = f"; {plural(left, 'secret')} of it still to be revoked (keybound revoke --list)" if left else ""
    return f"{name} is removed, with {plural(len(stored), 'stored item')}{later}"


def _items(context: Context, name: str) -> list[Item]:
    ids = {one.id for one in context.state.known().values() if one.id.startswith(f"{name}/")}
    return [token_item(TokenId(*one.split("/", 1))) for one in sorted(ids)] + [profile_item(name)]
