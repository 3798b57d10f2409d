"""Whether the secret store answers, and is open."""

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, fail, of_fault, ok, warn
from keybound.custody.health.stores.store_in_use import without_passphrase
from keybound.domain.errors import StoreLockedError, UnavailableError
from keybound.stores.age.passphrase import is_offered
from keybound.stores.base import SecretStore, Status
from keybound.stores.choice import store_kind


def store(context: Context) -> list[Finding]:
    """Raises BadInputError where it cannot be told which one is in use."""
    kind = context.store_kind()
    if not kind:
        return [warn("no store is chosen yet", "Run: keybound init")]
    name = store_kind(kind).name
    try:
        status = _asked(without_passphrase(context).store)
    except UnavailableError as fault:
        return [of_fault(fault)]
    if status is Status.OPEN:
        return [ok(f"the {name} is open")]
    if status is Status.AWAY:
        return [fail(f"the {name} does not answer", "Check it, or choose the file store: KEYBOUND_STORE=file")]
    if store_kind(kind).typed and is_offered(context.environ):
        return [ok(f"the {name} is locked, and the environment offers its passphrase")]
    return [warn(f"the {name} is locked", "Unlock it: keybound unlock")]


def _asked(found: SecretStore) -> Status:
    """Listed first: only that says why it is away, and asking twice would take twice as long. Raises StoreAwayError."""
    try:
        found.items()
    except StoreLockedError:
        return Status.LOCKED
    return found.status()
