"""The stateful model of the guard and custody, on a real keyring. ``KEYBOUND_MODEL=500`` runs 500 sequences."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from keybound.domain.guard import guard
from property.test_guard_model import SHARED, GuardModel
from support.secret_service import Bus, private_bus

_BUS: dict[str, Bus] = {}


class KeyringModel(GuardModel):
    """Each sequence has a home of its own on one keyring."""

    def store_variables(self) -> dict[str, str]:
        """The bus of the real keyring."""
        names = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
        return {"KEYBOUND_STORE": "keyring", **{name: _BUS["bus"].environ[name] for name in names}}

    def make_the_store(self) -> None:
        """It is there."""
        SHARED["lock"] = lambda: None

    def unlock(self) -> None:
        """As its prompter does."""
        _BUS["bus"].unlock()


@pytest.fixture(autouse=True)
def _quick_files_and_one_keyring(tmp_path: Path) -> Iterator[Any]:
    with private_bus(tmp_path / "run") as bus, tempfile.TemporaryDirectory() as SHARED["data"]:
        bus.start_keyring()
        _BUS["bus"] = bus
        with patch.object(guard, "SETTLE_NS", 30_000_000):
            yield


TestKeyringModel = KeyringModel.TestCase
TestKeyringModel.settings = settings(
    max_examples=int(os.environ.get("KEYBOUND_MODEL", "4")),
    stateful_step_count=20,
    deadline=None,
    derandomize="KEYBOUND_MODEL" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
