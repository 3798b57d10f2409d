"""Calls of the service, one after the other, in one thread of their own that never keeps the program from quitting."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class ServiceWorker:
    """Runs blocking calls in order. ``pending`` is how many are waited for."""

    def __init__(self) -> None:
        self.pending = 0
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, call: Callable[..., T], *args: Any) -> T:
        """Await the result of ``call(*args)``, or raise what it raised."""
        self._start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                result = call(*args)
            except BaseException as error:
                _settle(loop, done, done.set_exception, error)
            else:
                _settle(loop, done, done.set_result, result)

        self.pending += 1
        self._queue.put(run)
        try:
            return await done
        finally:
            self.pending -= 1

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="service", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            self._queue.get()()


def _settle(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[Any]", settle: Callable[[Any], None], value: Any
) -> None:
    def now() -> None:
        if not done.done():
            settle(value)

    if not loop.is_closed():
        try:
            loop.call_soon_threadsafe(now)
        except RuntimeError:  # the loop was closed between the question and the call
            return
