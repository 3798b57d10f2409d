"""Prove that a store keeps what it is given."""

import secrets
from contextlib import suppress

from keybound.domain.errors import StoreAwayError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.stores.base import Item, SecretStore


def prove(store: SecretStore) -> None:
    """Write an item of our own, read it back, delete it. Raises UnavailableError where that gives anything else."""
    probe, text = probe_item(), Secret(secrets.token_urlsafe())
    try:
        store.write(probe, text)
        if store.read([probe]).get(probe) != text:
            raise StoreAwayError("the keyring did not keep what was written")
        store.delete(probe)
    except UnavailableError:
        with suppress(UnavailableError):
            store.delete(probe)
        raise


def probe_item() -> Item:
    """An item that nobody has."""
    return Item("keybound", None, f"probe-{secrets.token_hex(4)}")
