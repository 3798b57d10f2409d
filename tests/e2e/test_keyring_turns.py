"""Many of Keybound's processes at one keyring: it answers all of them, and it lives."""

import subprocess
import sys
from pathlib import Path

from keybound.domain.text.secret import Secret
from keybound.stores.base import Item
from support.secret_service import private_bus

TAG = "0" * 12
READ = f"""
import os
from keybound.stores.base import Item
from keybound.stores.keyring.secret_service import SecretServiceStore
items = [Item("p", f"t{{number}}", "token") for number in range(20)]
for _ in range(60):
    assert len(SecretServiceStore({TAG!r}, os.environ).read(items)) == 20
"""


def test_processes_that_read_at_once_take_turns(tmp_path: Path) -> None:
    with private_bus(tmp_path / "bus") as bus:
        daemon = bus.start_keyring()
        for number in range(20):
            bus.store(TAG).write(Item("p", f"t{number}", "token"), Secret("s"))
        readers = [subprocess.Popen([sys.executable, "-c", READ], env=bus.environ) for _ in range(4)]
        assert [reader.wait(120) for reader in readers] == [0, 0, 0, 0]
        assert daemon.poll() is None
