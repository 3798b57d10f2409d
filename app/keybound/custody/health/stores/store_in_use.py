"""The store in use as the checks may have it: no passphrase is offered, so nothing they do can unlock it."""

from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError
from keybound.stores.age.passphrase import COMMAND, FILE


def without_passphrase(context: Context) -> Context:
    """The same home for a caller that offers no passphrase."""
    kept = {name: value for name, value in context.environ.items() if name not in (FILE, COMMAND)}
    return Context(kept, context.caller.cwd)


def kind_in_use(context: Context) -> str:
    """The store's kind; "" where none is chosen, or it cannot be told, which the check of the store says."""
    try:
        return context.store_kind()
    except BadInputError:
        return ""


def uses_secret_service(kind: str, platform: str) -> bool:
    """Whether this store is reached over the session bus."""
    return kind == "keyring" and platform == "linux"
