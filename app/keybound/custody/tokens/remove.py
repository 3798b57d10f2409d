"""Remove a token: its secret, then its definition."""

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.envelopes.left_to_revoke import keep_to_revoke
from keybound.custody.envelopes.text_change import TextChange
from keybound.custody.envelopes.transaction import Change
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.sealing import removed_record
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.counts import plural
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import TokenId
from keybound.sources.editing.edit_toml import unset


def remove(context: Context, token: TokenId) -> str:
    """Delete the secret, then the definition where it is the profile's own; works without a definition too."""
    item = token_item(token)
    with changing(context):
        held = fetch(context, [item])[item]
        text = _without_definition(context, token)
        if held.envelope is None and held.blocked is None and text is None:
            raise NotFoundError(f"no such token: {token}")
        keep_to_revoke(context, item, held.envelope)
        change = Change(EventKind.REMOVED, str(token), delete=(item,), text=text, known=removed_record(held))
        transaction.run(context, change)
    left = len(held.envelope.retired) if held.envelope is not None else 0
    said = f"; {plural(left, 'secret')} of it still to be revoked" if left else ""
    if held.envelope is not None and held.envelope.oauth is not None:
        said += "; its login was not ended at its server (keybound revoke does that first)"
    return f"{token} is removed{said}"


def _without_definition(context: Context, token: TokenId) -> TextChange | None:
    try:
        page = Library(context.home).page(token.profile)
        return TextChange(page.path, page.text, unset(page.text, ("tokens", token.name)))
    except (NotFoundError, KeyError, BadInputError):
        return None
