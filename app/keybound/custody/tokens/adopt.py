"""A secret whose definition is gone: define it again, as it was approved, without asking for the secret."""

from collections.abc import Mapping

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.envelopes.envelopes import fetch, refuse_unread, token_item
from keybound.custody.evaluation.evaluate import Judged, find_locked
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.edit import save_locked
from keybound.custody.view_models.plans import Adoption
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError
from keybound.domain.profile.inherit import FOLDER
from keybound.domain.seal.seal import Record, definition_digest, differences, from_text
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import set_value
from keybound.sources.editing.token_text import put_token


def propose_adoption(context: Context, token: TokenId) -> Adoption:
    """The definition that was approved last, as far as the state knows it.

    Raises NotFoundError where there is no such secret or its definition is not known any more, RefusedError where there is a
    definition already, BadInputError.
    """
    held = fetch(context, [token_item(token)])[token_item(token)]
    refuse_unread(held, token)
    if held.envelope is None:
        raise NotFoundError(f"no secret is stored for {token}", hint="See: keybound list")
    library = Library(context.home)
    page = library.page(token.profile)
    if token.name in library.load(token.profile).profile.tokens:
        raise RefusedError(f"{token} already has a definition", hint=f"See it: keybound show {token}")
    record = from_text(held.known.sealed_text) if held.known else None
    if record is None or definition_digest(record) != held.envelope.digest:
        raise NotFoundError(
            f"the approved definition of {token} is no longer known here",
            hint=f"Write [tokens.{token.name}] in {page.path}, then run: keybound approve {token}\n"
            f"  Or delete the secret: keybound remove {token}",
        )
    return Adoption(
        page.text,
        _defined(page.text, token, record),
        tuple(differences({}, {name: one for name, one in record.items() if name != "id"})),
    )


def adopt(context: Context, token: TokenId, seen: Adoption) -> Judged:
    """Write the definition that was shown; return the token as it stands then. What has expired stays expired."""
    with changing(context):
        if propose_adoption(context, token) != seen:
            raise RefusedError(f"{token} has changed since it was shown", hint="Nothing was written. Review it again.")
        save_locked(context, token.profile, seen.text, seen.before)
        return find_locked(context, token)


def _defined(text: str, token: TokenId, record: Record) -> str:
    table = {
        name: _written(value) for name, value in record.items() if name not in ("id", "files", "formats", "policy")
    }
    text = put_token(text, token.name, table)
    paths, formats = _table(record, "files"), _table(record, "formats")
    named = _files_of(text)
    for name, path in paths.items():
        if name not in named:
            entry: Value = {"path": path, "format": formats[name]} if name in formats else path
            text = set_value(text, ("files", name), entry)
    return text


def _written(value: Value) -> Value:
    """A field as a profile has it: the folder of a command is the profile's own."""
    return {name: one for name, one in value.items() if name != FOLDER} if isinstance(value, Mapping) else value


def _table(record: Record, name: str) -> Mapping[str, Value]:
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def _files_of(text: str) -> Mapping[str, Value]:
    from keybound.sources.profile_text import read_profile_table

    found = read_profile_table(text, "").get("files")
    if found is not None and not isinstance(found, Mapping):
        raise BadInputError("[files] is not a table")
    return found or {}
