"""The table of all stores, and which one is in use."""

import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from keybound.domain.registry import load
from keybound.stores.base import SecretStore
from keybound.stores.keyring.home_tag import home_tag


class StoreKind(NamedTuple):
    """One row; it has the name that is the label of its store.

    ``place``: where the function stands that opens it, of a home's tag, its data folder and the environment. ``name``:
    what people call it; ``keeps``: what the secrets are kept in. ``typed``: it is opened by a passphrase that is typed here.
    """

    place: str
    name: str
    keeps: str
    typed: bool = False


STORES = {
    "keyring": StoreKind(".choice:open_keyring", "keyring", "the OS keyring"),
    "file": StoreKind(".age.age_file:open_files", "file store", "encrypted files", typed=True),
}
_KEYRINGS = {
    "darwin": "keyring.backends.macOS.Keyring",
    "win32": "keyring.backends.Windows.WinVaultKeyring",
}
Open = Callable[[str, str, Mapping[str, str]], SecretStore]


def store_kind(label: str) -> StoreKind:
    """The row of a store. A keyring's backend that was named as "module.Class" is called by that."""
    return STORES.get(label) or StoreKind("", label, f"the store {label!r}")


def open_store(kind: str, *, config_dir: str, data_dir: str, environ: Mapping[str, str]) -> SecretStore:
    """The store of the home ``config_dir``: ``kind`` is one of STORES, or a keyring backend's "module.Class".

    Nothing is contacted yet. Raises BadInputError for a kind that is none of these.
    """
    tag = home_tag(config_dir)
    if kind in STORES:
        opened: Open = load(STORES[kind].place, __package__)
        return opened(tag, data_dir, environ)
    from keybound.stores.keyring.keyring_backend import KeyringStore

    return KeyringStore(kind, tag)


def open_keyring(tag: str, data_dir: str, environ: Mapping[str, str]) -> SecretStore:
    """The system's own keyring."""
    if sys.platform == "linux":
        from keybound.stores.keyring.secret_service import SecretServiceStore

        return SecretServiceStore(tag, environ)
    from keybound.stores.keyring.keyring_backend import KeyringStore

    return KeyringStore(_KEYRINGS.get(sys.platform, "keyring"), tag)
