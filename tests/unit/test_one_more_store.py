"""One more store, from outside: one row of its table. It keeps the contract, is chosen, and called by its name."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from keybound.cli.main import main
from keybound.custody.context.context import Context
from keybound.custody.tokens.add import NewDefinition, add
from keybound.domain.errors import StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.stores.base import Ask, Foreign, Item, SecretStore, Status
from keybound.stores.choice import STORES, StoreKind, open_store
from support.store_contract import Place, StoreContract

HELD: dict[tuple[str, Item], Secret] = {}
LOCKED: set[str] = set()


class MemoryStore:
    label, limit = "memory", None

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def status(self) -> Status:
        return Status.LOCKED if self.tag in LOCKED else Status.OPEN

    def prepare(self) -> None:
        if self.status() is Status.LOCKED:
            raise StoreLockedError("the memory is locked", hint="Unlock it: keybound unlock")

    def read(self, items: Sequence[Item]) -> dict[Item, Secret | Foreign]:
        self.prepare()
        return {item: HELD[self.tag, item] for item in items if (self.tag, item) in HELD}

    def write(self, item: Item, text: Secret) -> None:
        self.prepare()
        HELD[self.tag, item] = text

    def delete(self, item: Item) -> bool:
        self.prepare()
        return HELD.pop((self.tag, item), None) is not None

    def items(self) -> set[Item]:
        return {item for tag, item in HELD if tag == self.tag}

    def unlock(self, ask: Ask | None) -> None:
        if ask is None:
            self.prepare()
        LOCKED.discard(self.tag)

    def lock(self) -> None:
        LOCKED.add(self.tag)


def open_memory(tag: str, data_dir: str, environ: Mapping[str, str]) -> MemoryStore:
    return MemoryStore(tag)


@pytest.fixture
def store_name(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(STORES, "memory", StoreKind(f"{__name__}:open_memory", "memory", "the memory", typed=True))
    return "memory"


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def place(self, store_name: str) -> Place:
        def of(tag: str) -> SecretStore:
            return open_store(store_name, config_dir=f"/{tag}", data_dir="/", environ={})

        return Place(of, lambda store: store.unlock(lambda _: Secret("")))


def test_a_store(
    store_name: str,
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environ["KEYBOUND_STORE"] = store_name
    for name in os.environ:
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert "Secrets are kept in the memory." in capsys.readouterr().out
    context = Context(environ, str(tmp_path))
    add(context, NewDefinition(parse_token_id("default/t"), env=("T",)), Secret("hunter2"))
    context.close()
    assert main(["env", "--shell", "bash"]) == 0
    assert "export T='hunter2'" in capsys.readouterr().out
    assert main(["lock"]) == 0
    assert main(["status"]) == 0
    assert "the memory is locked" in (said := capsys.readouterr().out)
    assert re.search(r"Store +memory, locked", said)


def test_it_was_added_from_outside() -> None:
    assert "memory" not in STORES
