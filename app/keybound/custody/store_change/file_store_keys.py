"""The file store's passphrase and key: change them, and note it."""

from keybound.custody.context.caller import who
from keybound.custody.context.context import Context
from keybound.domain.errors import NotFoundError
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.age.store_keys import StoreKeys, Tell
from keybound.stores.generation import touch
from keybound.stores.journal.journal import Draft


class FileStoreKeys:
    """What opens the file store of a home, also where it is not the one in use. Raises NotFoundError where there is none."""

    def __init__(self, context: Context) -> None:
        self._context = context
        store = context.open_store("file")
        if not isinstance(store, AgeFileStore) or not store.exists():
            raise NotFoundError("there is no file store here", hint="See which store is in use: keybound status")
        self._keys = StoreKeys(store)

    def change_passphrase(self, now: Secret, new: Secret) -> None:
        """Raises StoreLockedError where ``now`` is wrong, UnavailableError; the former one opens the store then."""
        self._keys.change_passphrase(now, new)
        self._note(EventKind.STORE_PASSPHRASE, {})

    def rekey(self, passphrase: Secret, tell: Tell) -> int:
        """Encrypt every item anew, with a new key; return how many there are. One that was interrupted goes on.

        Raises StoreLockedError, UnavailableError, RefusedError; every item still opens then.
        """
        count = self._keys.rekey(passphrase, tell)
        self._note(EventKind.STORE_REKEYED, {"items": count})
        return count

    def _note(self, kind: EventKind, detail: dict[str, object]) -> None:
        self._context.journal.append([Draft(kind, "", who("keybound"), detail)], self._context.clock())
        touch(self._context.home.generation)
