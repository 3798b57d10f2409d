"""A store that is slow or does not answer never keeps a key waiting."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.sample_service import SampleService
from support.tui import driven

PATIENCE = 5.0  # seconds: far more than a key takes where nothing waits
OWN = {"recalled", "remember"}  # small files of the state folder, which never wait for the store
KEYS = {
    "1": (
        *("down", "enter", "escape", "s", "space", "A", "escape", "v", "p", "escape", "C", "escape"),
        *("a", "escape", "b", "escape", "e"),
    ),
    "2": ("down", "right", "m", "m", "f", "O", "O", "escape"),
    "3": ("f6", "space", "f6", "f6", "enter", "x", "ctrl+s", "ctrl+r", "ctrl+d", "escape", "slash", "e", "escape"),
    "4": ("n", "z", "enter", "down", "enter", "escape", "escape", "slash", "f", "escape", "u"),
    "5": ("down", "T", "T", "slash", "e", "escape", "N", "escape", "M", "escape", "S", "escape", "enter", "5", "e"),
}


class Slow(SampleService):
    """Every call but those of its own waits while the gate is shut; notes what was called on the screen's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.waits: set[str] = set()
        self.on_screen: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or not callable(found) or name in OWN or not hasattr(SampleService, name):
            return found

        def call(*args: Any, **options: Any) -> Any:
            if threading.current_thread() is threading.main_thread():
                self.on_screen.add(name)
            elif not self.gate.is_set():
                self.waits.add(name)
                self.gate.wait(60)
            return found(*args, **options)

        return call

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nothing is answered meanwhile."""
        self.gate.clear()
        try:
            yield
        finally:
            self.gate.set()


@pytest.mark.parametrize("tab", KEYS)
async def test_every_key_is_obeyed_while_nothing_answers(tab: str) -> None:
    service = Slow()
    async with driven(service) as app:
        await app.press(tab)
        with service.shut():
            for key in ("R", *KEYS[tab]):
                await asyncio.wait_for(app.pilot.press(key), PATIENCE)
            for _ in range(3):
                await asyncio.wait_for(app.pilot.press("escape"), PATIENCE)
            await asyncio.wait_for(app.pilot.press("f1"), PATIENCE)
            assert app.dialog == "Help", "the last key is obeyed too"
            await asyncio.wait_for(app.pilot.press("escape"), PATIENCE)
            assert service.waits, "something was asked for"
        await app.settle()
    assert service.on_screen == set()
