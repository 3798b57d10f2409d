"""Turns at the keyring: one at a time, and nobody waits for ever."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from keybound.stores.keyring import turns
from keybound.stores.keyring.turns import turn


def test_the_next_waits_until_the_turn_is_over(tmp_path: Path) -> None:
    address, order = f"unix:path={tmp_path}/bus,guid=1", list[str]()

    def second() -> None:
        with turn(address):
            order.append("second")

    with turn(address):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.05)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_who_gets_no_turn_goes_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SECONDS", 0.02)
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with turn(f"unix:path={tmp_path}/bus"):
        pass
    os.close(held)


@pytest.mark.parametrize("address", ["unix:abstract=/tmp/x", "unix:path=/nowhere/bus", "tcp:host=localhost,port=1", ""])
def test_a_bus_without_a_folder_has_no_turns(address: str) -> None:
    with turn(address):
        pass
