"""Writing to the Secret Service as ``keyring`` does, over a conversation that has a deadline."""

from collections.abc import Iterator
from contextlib import contextmanager

import secretstorage
from jeepney import DBusErrorResponse
from keyring.backends.SecretService import Keyring
from secretstorage.exceptions import SecretStorageException

from keybound.domain.errors import StoreAwayError, StoreLockedError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.stores.keyring.secret_bus import AWAY_HINT, LOCKED_HINT, Conversation


class _Bounded(Keyring):
    """keyring's backend over our connection: it neither finds the bus by itself nor unlocks by prompting."""

    def __init__(self, bus: Conversation) -> None:
        super().__init__()
        self.scheme = "default"  # KEYRING_PROPERTY_SCHEME would write what we do not find
        self._bus = bus

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The default collection."""
        return secretstorage.Collection(self._bus)


def store(bus: Conversation, service: str, user: str, text: Secret) -> None:
    """Store ``text`` as keyring's item for ``service`` and ``user``."""
    with _translated():
        _Bounded(bus).set_password(service, user, expose_secret(text).decode())


def erase(bus: Conversation, service: str, user: str) -> None:
    """Remove keyring's item for ``service`` and ``user``."""
    with _translated():
        _Bounded(bus).delete_password(service, user)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except secretstorage.LockedException:
        raise StoreLockedError("the keyring is locked", hint=LOCKED_HINT) from None
    except (SecretStorageException, DBusErrorResponse) as fault:
        raise StoreAwayError(f"the keyring refused: {type(fault).__name__}", hint=AWAY_HINT) from None
