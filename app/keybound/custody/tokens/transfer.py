"""Give a token another name, move it to another profile, or copy it: its secret and what is sticky go along."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import fetch, refuse_unread, token_item
from keybound.custody.envelopes.text_change import TextChange, check_writable
from keybound.custody.envelopes.transaction import Change
from keybound.custody.evaluation.evaluate import Judged, evaluate, find_locked
from keybound.custody.profiles.library import Library, Loaded
from keybound.custody.tokens.consequences import consequences
from keybound.custody.tokens.edit import family, save_locked
from keybound.custody.tokens.sealing import known_of, matched_seal, removed_record, sticky_of
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.profile.shapes import as_table
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.moments import stamp
from keybound.domain.values.names import TokenId
from keybound.sources.editing.edit_toml import set_value, unset
from keybound.sources.editing.token_text import carry_token, rename_token


class Transfer(NamedTuple):
    """The texts of the target's profile before and after, and what its new place would do to the token now."""

    before: str
    text: str
    harm: list[str]


def propose_transfer(context: Context, old: TokenId, new: TokenId, *, copy: bool) -> Transfer:
    """What :func:`transfer` would do. Raises NotFoundError, RefusedError, BadInputError."""
    _checked(context, old, new, copy=copy)
    before, text = _texts(context, old, new, copy=copy)
    return Transfer(before, text, consequences(context, new, text))


def transfer(context: Context, old: TokenId, new: TokenId, *, copy: bool) -> Judged:
    """Do it; return the token in its new place. What was unapproved stays so, and what is expired too.

    The new item is written before the old one goes: a kill in between loses neither. Raises NotFoundError,
    RefusedError, BadInputError, UnavailableError.
    """
    with changing(context):
        one = _checked(context, old, new, copy=copy)
        one = _secret_alone(context, one) if copy else one
        transaction.refuse_waiting(context, str(old))
        before, text = _texts(context, old, new, copy=copy)
        page = Library(context.home).page(old.profile)
        left = None
        if not copy and new.profile != old.profile:
            left = TextChange(page.path, page.text, unset(page.text, ("tokens", old.name)))
            check_writable(left)
        after = _pick(evaluate(context, [new.profile], Library(context.home, {new.profile: text})).judged, new)
        save_locked(
            context, new.profile, text, before, carrier=_change(context, one, after, gone=not copy and left is None)
        )
        if left is not None:
            item = (token_item(old),) if one.held.envelope is not None else ()
            gone = Change(
                EventKind.MOVED, str(old), delete=item, known=removed_record(one.held), detail={"to": str(new)}
            )
            save_locked(context, old.profile, left.after or "", page.text, carrier=gone)
        return find_locked(context, new)


def _checked(context: Context, old: TokenId, new: TokenId, *, copy: bool) -> Judged:
    library = Library(context.home)
    one = find_locked(context, old)
    refuse_unread(one.held, old)
    if one.loaded is None or one.inputs is None:
        raise RefusedError(f"{old} cannot be read: {one.verdict.why}")
    if new.name in library.load(new.profile).profile.tokens:
        raise RefusedError(f"{new} already exists", hint="Nothing was changed.")
    held = fetch(context, [token_item(new)])[token_item(new)]
    if held.envelope is not None and not (held.known and held.known.removed):
        raise RefusedError(
            f"{new} already has a secret", hint=f"See it: keybound list. Remove it: keybound remove {new}"
        )
    _refuse_parents(one, one.loaded, old)
    if not copy:
        _refuse_children(context, old)
    return one


def _secret_alone(context: Context, one: Judged) -> Judged:
    """The token as a copy has it: what is to be revoked stays with the first, and a refresh token can be used by one only.

    A minted one gets a signing key of its own: to expire the first must end what it signed, and nothing else.
    """
    envelope = one.held.envelope
    if envelope is None:
        return one
    alone = envelope._replace(retired=(), oauth=None)
    if alone.signs:
        alone = alone._replace(secret=None, signs="")
        if one.token is not None and one.token.mint is not None and envelope.secret is not None:
            from keybound.custody.minting.keys import with_fresh_key

            alone = with_fresh_key(alone, one.token.mint, context.clock())
    return one._replace(held=one.held._replace(envelope=alone))


def _refuse_parents(one: Judged, loaded: Loaded, old: TokenId) -> None:
    """A definition that stands in a parent, even in part, is not this profile's to carry away."""
    own, *parents = loaded.pages
    above = next((page for page in parents if old.name in as_table((), page.table.get("tokens", {}))), None)
    if above is not None or old.name not in as_table((), own.table.get("tokens", {})):
        where = above.path if above else own.path
        raise RefusedError(f"{old} is defined in a parent", hint=f"Change it there: {where}")


def _refuse_children(context: Context, old: TokenId) -> None:
    library = Library(context.home)
    for child in family(library, old.profile)[1:]:
        page = library.page(child)
        item = token_item(TokenId(child, old.name))
        written = old.name in as_table((), page.table.get("tokens", {}))
        if written or fetch(context, [item])[item].envelope is not None:
            raise RefusedError(
                f"{child}/{old.name} inherits from {old}, and would lose its definition", hint="Remove that one first."
            )


def _texts(context: Context, old: TokenId, new: TokenId, *, copy: bool) -> tuple[str, str]:
    library = Library(context.home)
    source, target = library.page(old.profile).text, library.page(new.profile).text
    if old.profile == new.profile and not copy:
        return target, rename_token(source, old.name, new.name)
    text = carry_token(source, old.name, target, new.name)
    for name, path in _missing_files(library.load(old.profile), library.load(new.profile).profile, old):
        text = set_value(text, ("files", name), path)
    return target, text


def _missing_files(loaded: Loaded, target: Profile, old: TokenId) -> Iterator[tuple[str, object]]:
    """The ``[files]`` entries that the token's keys need, as they are written, where the target has none of that name."""
    names = {one.key.name for one in loaded.profile.tokens[old.name].bindings if one.key.kind == "file"}
    for name in sorted(names - target.files.keys()):
        tables = (as_table((), page.table.get("files", {})) for page in loaded.pages)
        yield from (
            (name, table[name]) for table in [next((one for one in tables if name in one), {})] if name in table
        )


def _change(context: Context, one: Judged, after: Judged, *, gone: bool) -> Change:
    """``gone``: the old item goes in the same change."""
    detail = {"from": str(one.id)}
    item = (token_item(one.id),) if gone and one.held.envelope is not None else ()
    lost = removed_record(one.held) if gone else ()
    if (
        one.held.envelope is None
        or one.inputs is None
        or one.loaded is None
        or after.inputs is None
        or after.loaded is None
    ):
        return Change(EventKind.MOVED, str(after.id), delete=item, known=lost, detail=detail)
    envelope = _envelope(context, one, one.held.envelope, after.inputs.token, after.loaded.profile)
    known = known_of(envelope, after.inputs.token, after.loaded.profile, one.held.known)
    return Change(EventKind.MOVED, str(after.id), put=envelope, delete=item, known=(known, *lost), detail=detail)


def _envelope(context: Context, one: Judged, envelope: Envelope, token: Token, profile: Profile) -> Envelope:
    """Approved as before where the definition says the same in its new place."""
    record = definition_record(token, profile)
    same = one.inputs is not None and one.loaded is not None
    if one.inputs is not None and one.loaded is not None:
        same = {**definition_record(one.inputs.token, one.loaded.profile), "id": str(token.id)} == record
    digest = definition_digest(record) if same and matched_seal(one) else envelope.digest
    sticky = sticky_of(one.held, stamp(context.clock()))
    return envelope._replace(id=str(token.id), incarnation=os.urandom(8).hex(), epoch=1, digest=digest, sticky=sticky)


def _pick(judged: tuple[Judged, ...], token: TokenId) -> Judged:
    for one in judged:
        if one.id == token:
            return one
    raise NotFoundError(f"no such token: {token}")
