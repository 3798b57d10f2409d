"""Lock the store, so that everybody who watches hears of it."""

import os
import time

from keybound.custody.context.context import Context
from keybound.stores.generation import touch

_STAMP = "locked"


def locked_path(state: str) -> str:
    """What is written when the store is locked through Keybound."""
    return os.path.join(state, _STAMP)


def lock_store(context: Context) -> None:
    """Lock the store in use: hooked shells look again, and the agent ends. Raises UnavailableError."""
    context.store.lock()
    touch(context.home.generation)
    context.write_line(_STAMP, f"{time.time():.0f}")
