"""Whether the session bus answers, and a keyring is on it."""

import sys

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, ok
from keybound.custody.health.stores.store_in_use import kind_in_use, uses_secret_service

_SECONDS = 3.0


def bus(context: Context) -> list[Finding]:
    """Raises StoreAwayError where there is none, or it does not answer."""
    if not uses_secret_service(kind_in_use(context), sys.platform):
        return [ok("not needed: the store in use is not reached over the session bus")]
    from keybound.stores.keyring.bus_names import keyring_on_bus
    from keybound.stores.keyring.secret_bus import AWAY_HINT

    on_bus = keyring_on_bus(context.environ, _SECONDS)
    if not on_bus:
        return [fail("the session bus answers, but no keyring is on it, and none can be started by it", AWAY_HINT)]
    return [ok(f"the session bus answers; {on_bus}")]
