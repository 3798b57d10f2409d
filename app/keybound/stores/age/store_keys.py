"""The passphrase and the key of a file store, replaced so that a kill at any point leaves a store that opens whole."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

from keybound.domain.errors import BadInputError, RefusedError, StoreAwayError
from keybound.domain.text.counts import plural
from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring
from keybound.stores.age.age_file import IDENTITY, AgeFileStore, cache_name
from keybound.stores.age.age_paths import REKEYING, SEALING, address_of, homes_in, items_below, path_of
from keybound.stores.age.age_sealing import (
    Sealer,
    identities_in,
    new_identity,
    together,
    unwrap_identity,
    wrap_identity,
)
from keybound.stores.atomic import create_atomic, sync_dir, write_atomic
from keybound.stores.batches import batches
from keybound.stores.lock import exclusive
from keybound.stores.regular_file import regular

STEPS = ("marked", "both", "resealed", "checked", "alone", "ended")
_BATCH = 50  # files that are sealed anew while writers wait
Tell = Callable[[int, int], None]


def _nothing(step: str) -> None:
    """Between steps nothing happens; tests put a kill here."""


at_step: Callable[[str], None] = _nothing


class StoreKeys:
    """What opens the file store ``store``: for all homes that share its folder."""

    def __init__(self, store: AgeFileStore) -> None:
        self._store = store
        self._folder = store.folder

    def change_passphrase(self, now: Secret, new: Secret) -> None:
        """Encrypt the store's identity to the passphrase ``new``. The items, and the key they are sealed with, stay.

        Raises StoreLockedError where ``now`` is wrong, StoreAwayError where the identity was replaced meanwhile.
        """
        seen = self._store.sealed_identity()
        identity = unwrap_identity(seen, now)
        sealed = self._wrapped(identity, new)
        with self._writers_wait():
            self._replace(seen, sealed, identity)

    def rekey(self, passphrase: Secret, tell: Tell) -> int:
        """Seal each item with a new key; return how many. ``tell`` hears how many are done, of how many.

        Until the last one is sealed anew the store opens both; one that was interrupted is gone on with. Raises
        StoreLockedError, UnavailableError, RefusedError where an item cannot be opened: nothing was changed then.
        """
        seen = self._store.sealed_identity()
        identities = identities_in(unwrap_identity(seen, passphrase))
        self._refuse_damaged(Sealer(together(identities)))
        create_atomic(os.path.join(self._folder, REKEYING), b"")
        at_step("marked")
        if len(identities) == 1:
            identities = [new_identity(), *identities]
            sealed = self._wrapped(together(identities), passphrase)
            with self._writers_wait():
                self._replace(seen, sealed, together(identities))
            seen = sealed
        at_step("both")
        both, alone = Sealer(together(identities)), Sealer(identities[0])
        self._seal_in_batches(both, alone, tell)
        sealed = self._wrapped(identities[0], passphrase)
        with self._writers_wait():
            count = sum(1 for path, address in self._files() if self._seal_anew(both, alone, path, address) is not None)
            self._refuse_damaged(alone)
            at_step("checked")
            self._replace(seen, sealed, identities[0])
        at_step("alone")
        self._unmark()
        at_step("ended")
        return count

    def _wrapped(self, identity: Secret, passphrase: Secret) -> bytes:
        """The identity file, once it is proved that the passphrase opens it. Takes about two seconds."""
        try:
            sealed = wrap_identity(identity, passphrase)
        except UnicodeDecodeError:
            raise BadInputError("a passphrase must be UTF-8 text") from None
        if unwrap_identity(sealed, passphrase) != identity:
            raise StoreAwayError("the new identity does not open", where=self._folder, hint="Nothing was changed.")
        return sealed

    def _replace(self, seen: bytes, sealed: bytes, identity: Secret) -> None:
        """Make it the store's identity file, in place of the one that was ``seen``."""
        if self._store.sealed_identity() != seen:
            raise StoreAwayError(
                "another process has changed the store's passphrase or key", where=self._folder, hint="Try again."
            )
        write_atomic(os.path.join(self._folder, IDENTITY), sealed)
        self._store.keep(identity, sealed)
        for tag, _ in homes_in(self._folder):
            kernel_keyring.forget(cache_name(tag, seen))

    def _seal_in_batches(self, both: Sealer, alone: Sealer, tell: Tell) -> None:
        files = list(self._files())
        done = 0
        for some in batches(files, _BATCH):
            with self._writers_wait():
                for path, address in some:
                    self._seal_anew(both, alone, path, address)
                    at_step("resealed")
            done += len(some)
            tell(done, len(files))

    def _seal_anew(self, both: Sealer, alone: Sealer, path: str, address: tuple[str, ...]) -> bool | None:
        """Whether the file had to be written; None where it is gone."""
        sealed = _content(path)
        if sealed is None:
            return None
        if alone.open(address, sealed) is not None:
            return False
        text = both.open(address, sealed)
        if text is None:
            raise _damaged([path])
        write_atomic(path, alone.seal(address, text))
        return True

    def _refuse_damaged(self, sealer: Sealer) -> None:
        damaged = []
        for path, address in self._files():
            sealed = _content(path)
            if sealed is not None and sealer.open(address, sealed) is None:
                damaged.append(path)
        if damaged:
            raise _damaged(damaged)

    def _files(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each item's file, of every home, with what its seal is bound to."""
        try:
            for tag, root in homes_in(self._folder):
                for item in sorted(items_below(root), key=str):
                    yield path_of(root, item), address_of(tag, item)
        except OSError as fault:
            raise StoreAwayError(f"the file store cannot be read: {fault.strerror}", where=self._folder) from None

    def _writers_wait(self) -> AbstractContextManager[None]:
        return exclusive(os.path.join(self._folder, SEALING))

    def _unmark(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(self._folder, REKEYING))
        sync_dir(self._folder)


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb", opener=regular) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise StoreAwayError(f"the file store cannot be read: {fault.strerror}", where=path) from None


def _damaged(paths: list[str]) -> RefusedError:
    return RefusedError(
        f"{plural(len(paths), 'file')} of the store cannot be opened, and would be lost with the former key",
        where=paths[0],
        hint="Nothing was lost. Restore it from a backup, or remove the token: keybound remove PROFILE/NAME",
    )
