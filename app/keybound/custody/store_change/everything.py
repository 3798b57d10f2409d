"""All items of a home in a store, also in one that cannot be searched."""

from collections.abc import Iterator, Sequence

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import profile_item, token_item
from keybound.custody.envelopes.left_to_revoke import PART
from keybound.custody.imports.copies import KEY
from keybound.custody.profiles.library import Library
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.stores.base import Foreign, Item, SecretStore
from keybound.stores.batches import batches


def all_items(context: Context, store: SecretStore) -> list[Item]:
    """Where something is stored. Raises StoreLockedError, StoreAwayError."""
    found = store.items()
    addresses = {*_addresses(context)} - found
    return sorted({*found, *read_all(store, sorted(addresses, key=str))}, key=str)


def read_all(store: SecretStore, items: Sequence[Item]) -> dict[Item, Secret | Foreign]:
    """The texts of any number of items. Raises as the store does."""
    texts: dict[Item, Secret | Foreign] = {}
    for some in batches(items):
        texts.update(store.read(some))
    return texts


def _addresses(context: Context) -> Iterator[Item]:
    """Every address that this home may use."""
    yield KEY
    profiles = set(Library(context.home).names())
    for id_ in context.state.known():
        profiles.add(id_.partition("/")[0])
        if "/" in id_:
            token = token_item(parse_token_id(id_))
            yield token
            yield token._replace(part=PART)
    for name in profiles:
        yield profile_item(name)
