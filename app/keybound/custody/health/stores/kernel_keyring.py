"""Whether the kernel keeps the file store unlocked between commands."""

import os

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn
from keybound.custody.health.stores.store_in_use import kind_in_use
from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring as kernel
from keybound.stores.choice import store_kind

_SECONDS = 5


def kernel_keyring(context: Context) -> list[Finding]:
    """Tried with a word that is no secret, and is taken out again."""
    if not store_kind(kind_in_use(context)).typed:
        return [ok("not needed: the store in use is no file store")]
    name = f"keybound:doctor:{os.getpid()}"
    kept = kernel.put(name, Secret("nothing"), _SECONDS) and kernel.get(name) is not None
    if kept:
        kernel.forget(name)
        return [ok("it keeps the file store unlocked between commands")]
    return [
        warn(
            "the kernel keeps no keys here (a container may forbid it), so the file store is opened anew by each command",
            "Set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND, or allow add_key and keyctl.",
        )
    ]
