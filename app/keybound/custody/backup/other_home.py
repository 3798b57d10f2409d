"""A seal of a home that lay elsewhere: the same approval where nothing but the home's own path differs."""

from collections.abc import Mapping, Sequence

from keybound.custody.backup.archive import Head
from keybound.custody.context.home import Home
from keybound.custody.profiles.library import Loaded
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.seal import definition_digest, definition_record, from_text, to_text
from keybound.domain.values.names import parse_token_id
from keybound.domain.values.readings import Value


def sealed_here(
    envelope: Envelope, sealed_text: str, head: Head, home: Home, loaded: Loaded | None
) -> tuple[Envelope, str]:
    """The envelope and its sealed text, with this home's paths where they are what was approved, moved; else unchanged."""
    token = loaded.profile.tokens.get(parse_token_id(envelope.id).name) if loaded else None
    record = from_text(sealed_text)
    if loaded is None or token is None or record is None or definition_digest(record) != envelope.digest:
        return envelope, sealed_text
    now = definition_record(token, loaded.profile)
    moved = _moved(record, [(head.config, home.config), (head.user, home.user)])
    if not isinstance(moved, Mapping) or definition_digest(moved) != definition_digest(now):
        return envelope, sealed_text
    return envelope._replace(digest=definition_digest(now)), to_text(now)


def _moved(value: Value, folders: Sequence[tuple[str, str]]) -> Value:
    if isinstance(value, Mapping):
        return {name: _moved(one, folders) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_moved(one, folders) for one in value]
    if isinstance(value, str):
        for before, after in folders:
            if value == before or value.startswith(f"{before}/"):
                return after + value[len(before) :]
    return value
