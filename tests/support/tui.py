"""Runs the application on the sample service, and waits until it has nothing left to do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.strip import Strip

from keybound.tui.app import KeyboundApp
from keybound.tui.canvas import Canvas
from support.sample_service import NOW, SampleService


def sample_app(service: SampleService | None = None, **options: Any) -> KeyboundApp:
    return KeyboundApp(service or SampleService(), now=lambda: NOW, **options)


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until no call of the service is pending and the screen is still."""
    app = pilot.app
    assert isinstance(app, KeyboundApp)
    for _ in range(600):
        await pilot._wait_for_screen()
        await asyncio.sleep(0)
        busy = app.service_worker.pending or app.searching.pending or app.typing_ahead.at_work
        if app.ready and not busy:
            break
        await asyncio.sleep(0.005)
    await pilot._wait_for_screen()
    await pilot.pause()


class Driven:
    """The application with keys to press, and what it shows."""

    def __init__(self, pilot: Pilot[Any], service: SampleService) -> None:
        self.pilot, self.service = pilot, service
        assert isinstance(pilot.app, KeyboundApp)
        self.app = pilot.app

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await settle(self.pilot)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)
        await settle(self.pilot)

    async def settle(self) -> None:
        await settle(self.pilot)

    async def runs(self, key: str) -> list[str]:
        """The actions that a key would run; none is."""
        run: list[str] = []

        async def note(action: Any, *_: Any, **__: Any) -> bool:
            run.append(str(action))
            return True

        self.app.run_action, kept = note, self.app.run_action  # type: ignore[method-assign]
        try:
            await self.pilot.press(key)
        finally:
            self.app.run_action = kept  # type: ignore[method-assign]
        return run

    async def until(self, true: Callable[[], bool]) -> None:
        """Go on until something holds that a worker brings about."""
        for _ in range(200):
            if true():
                return
            await self.pilot.pause(0.02)
        assert true()

    @property
    def shown(self) -> str:
        """The whole screen as text."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(segment.text for segment in line) for line in lines[:height])[: (width + 1) * height]

    def front(self) -> list[Strip]:
        """What is painted in the dialog on top, or else on the whole screen."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        if not self.dialog:
            return strips
        box = self.app.screen.query_one("#box").region
        return [strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom]]

    @property
    def toasts(self) -> list[str]:
        return [note.message for note in self.app._notifications]

    @property
    def dialog(self) -> str:
        """The class of the dialog that lies over the screen, or ""."""
        return type(self.app.screen).__name__ if len(self.app.screen_stack) > 1 else ""

    @property
    def did(self) -> list[str]:
        return [str(call[0]) for call in self.service.calls]

    def canvas(self, selector: str) -> Canvas:
        return self.app.main_screen.query_one(selector, Canvas)

    def said(self, selector: str) -> str:
        """All text of one panel of the screen or dialog on top, broken lines joined."""
        panel = self.app.screen.query_one(selector, Canvas)
        rows = ["".join(piece.text for piece in row).strip() for row in panel._lines]
        return " ".join(filter(None, rows))


@asynccontextmanager
async def driven(
    service: SampleService | None = None, size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[Driven]:
    service = service or SampleService()
    app = sample_app(service, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        yield Driven(pilot, service)
