"""A furnished home on the file store, and a real gnome-keyring to move to."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import Item, SecretStore
from keybound.stores.keyring.home_tag import home_tag
from support.secret_service import private_bus
from support.staging import CANARY, furnish_with_expired

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


class TwoStores:
    """``run``: the installed command, where no variable chooses the store."""

    def __init__(self, run: Run, environ: dict[str, str], files: SecretStore, keyring: SecretStore) -> None:
        self.run, self.environ = run, environ
        self.stores = {"file": files, "keyring": keyring}

    def items(self, store: str) -> set[Item]:
        """What is stored there."""
        return self.stores[store].items()

    def released(self) -> dict[str, str]:
        """What the profile gives; it has to give something."""
        done = self.run("env", "staging", "--shell", "json")
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    def in_use(self) -> str:
        """The store in use."""
        kind: str = json.loads(self.run("status", "--json").stdout)["store"]["kind"]
        return kind


@contextmanager
def two_stores(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, folder: Path) -> Iterator[TwoStores]:
    """Two tokens, one of them expired, in the file store; the keyring is open and empty."""
    with private_bus(folder) as bus:
        bus.start_keyring()
        meets = {name: bus.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
        free = {**meets, "KEYBOUND_STORE": ""}

        def run(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
            return keybound(*arguments, given=given, more=free)

        furnish_with_expired(keybound, profiles, home)
        tag = home_tag(str(home / ".config/keybound"))
        files = AgeFileStore(str(home / ".local/share/keybound/store"), tag, environ)
        made = TwoStores(run, {**environ, **free}, files, bus.store(tag))
        assert made.released() == {"GITHUB_TOKEN": CANARY.decode()}
        yield made
    assert os.path.isdir(profiles)
