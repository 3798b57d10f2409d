"""Which store is in use."""

import os
import sys
from collections.abc import Mapping

from keybound.stores.base import SecretStore, Status
from keybound.stores.home_tag import home_tag

_KEYRINGS = {
    "darwin": "keyring.backends.macOS.Keyring",
    "win32": "keyring.backends.Windows.WinVaultKeyring",
}


def open_store(kind: str, *, config_dir: str, data_dir: str, environ: Mapping[str, str]) -> SecretStore:
    """The store of the home ``config_dir``: ``kind`` is "keyring", "file" or a keyring backend's "module.Class".

    Nothing is contacted yet. Raises BadInput for a kind that is none of these.
    """
    tag = home_tag(config_dir)
    if kind == "file":
        from keybound.stores.age_file import AgeFileStore

        return AgeFileStore(os.path.join(data_dir, "store"), tag, environ)
    if kind == "keyring" and sys.platform == "linux":
        from keybound.stores.secret_service import SecretServiceStore

        return SecretServiceStore(tag, environ)
    from keybound.stores.keyring_backend import KeyringStore

    return KeyringStore(_KEYRINGS.get(sys.platform, kind) if kind == "keyring" else kind, tag)


def probe_keyring(config_dir: str, environ: Mapping[str, str]) -> Status:
    """Whether this system's keyring answers. Never prompts."""
    return open_store("keyring", config_dir=config_dir, data_dir="", environ=environ).status()
