"""A lock that always has some reader is had by a writer that waits."""

import threading
import time
from pathlib import Path

import pytest

from keybound.domain.errors import UnavailableError
from keybound.stores.lock import NEXT, exclusive, exclusive_in_turn, shared_in_turn


def test_no_reader_joins_while_a_writer_waits(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    had = threading.Event()

    def write() -> None:
        with exclusive_in_turn(path):
            had.set()

    writer = threading.Thread(target=write)
    with shared_in_turn(path):
        with shared_in_turn(path, 0.0):
            pass
        writer.start()
        until = time.monotonic() + 5
        while not _taken(path + NEXT):
            assert time.monotonic() < until
        with pytest.raises(UnavailableError), shared_in_turn(path, 0.05):
            pass
        assert not had.is_set()
    writer.join(timeout=5)
    assert had.is_set()
    with shared_in_turn(path, 0.0):
        pass


def _taken(path: str) -> bool:
    try:
        with exclusive(path, 0.0):
            return False
    except UnavailableError:
        return True
