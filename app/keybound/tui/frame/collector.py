"""Garbage collection and threads, arranged so that the screen answers at once while everything is read."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SWITCH = 0.001  # seconds: how long the screen waits for a thread that is busy


@contextmanager
def long_work(*, lasting: bool) -> Iterator[None]:
    """Nothing is collected meanwhile: that would hold the screen up, and find nothing.

    ``lasting``: what is there afterwards stays for long, so later collections pass it over.
    """
    sys.setswitchinterval(_SWITCH)
    gc.disable()
    try:
        yield
    finally:
        if lasting:
            gc.freeze()
        gc.enable()
