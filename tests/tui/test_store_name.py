"""One more store, from outside: the dialog calls it by the name in its row."""

import pytest

from keybound.stores.choice import STORES, StoreKind
from support.sample_service import OVERVIEW, SampleService
from support.tui import driven


async def test_a_store_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STORES, "memory", StoreKind("no.module:needed", "memory", "this process's memory", typed=True))
    async with driven(SampleService(OVERVIEW._replace(store="memory", store_status="locked"))) as app:
        assert app.dialog == "Unlock"
        assert "The memory is locked" in app.shown
        assert app.app.screen.query("#passphrase")
