"""Every store of the table passes the contract: age files as they are, the Secret Service by a real gnome-keyring."""

from collections.abc import Iterator

import pytest

from keybound.domain.errors import StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import SecretStore, Status
from keybound.stores.choice import STORES
from support.quick_store import PASSPHRASE, make_quickly
from support.secret_service import private_bus
from support.store_contract import MINE, Place, StoreContract


class TestFileStore(StoreContract):
    """Age files."""

    @pytest.fixture(scope="class")
    def place(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
        folder = str(tmp_path_factory.mktemp("file") / "store")
        make_quickly(AgeFileStore(folder, MINE, {}))
        used: list[AgeFileStore] = []

        def of(tag: str) -> SecretStore:
            used.append(AgeFileStore(folder, tag, {}))
            used[-1].unlock(lambda _: PASSPHRASE)
            return used[-1]

        yield Place(of, lambda store: store.unlock(lambda _: PASSPHRASE))
        for store in used:
            store.lock()

    def test_a_wrong_passphrase_opens_nothing(self, store: SecretStore) -> None:
        store.lock()
        with pytest.raises(StoreLockedError, match="wrong"):
            store.unlock(lambda _: Secret("battery staple"))
        assert store.status() is Status.LOCKED


class TestSecretService(StoreContract):
    """gnome-keyring."""

    @pytest.fixture(scope="class")
    def place(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
        with private_bus(tmp_path_factory.mktemp("bus") / "run") as bus:
            bus.start_keyring()
            yield Place(bus.store, lambda _: bus.unlock())


def test_every_store_of_the_table_is_tried() -> None:
    assert {"file": TestFileStore, "keyring": TestSecretService}.keys() == STORES.keys()
