"""The embedded store: a folder of age files, one an item, opened by one passphrase."""

import os
from collections.abc import Mapping, Sequence

from keybound.domain.errors import BadInputError, StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.digests import sha256
from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring, passphrase
from keybound.stores.age.age_paths import HOME, OPENING, SEALING, address_of, items_below, path_of
from keybound.stores.age.age_sealing import Sealer, new_identity, unwrap_identity, wrap_identity
from keybound.stores.atomic import create_atomic, sync_dir, write_atomic
from keybound.stores.base import Ask, Foreign, Item, Status
from keybound.stores.lock import exclusive, shared
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular

IDENTITY = "identity.age"
_IDENTITY_MOST = 65_536
_UNLOCK = "Unlock it: keybound unlock (or set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND)"


def cache_name(tag: str, sealed: bytes) -> str:
    """One for each home and each identity file: a store made anew never meets the old one's key."""
    return f"keybound:{tag}:{sha256(sealed).hexdigest()[:16]}"


class AgeFileStore:
    """Items of the home ``tag`` below ``folder``.

    Homes that share the folder share its passphrase, never an item. The unlocked identity is kept in the
    kernel's keyring for ``cache_seconds``, or, where there is none, in this process alone.
    """

    label = "file"
    limit = None

    def __init__(
        self, folder: str, tag: str, environ: Mapping[str, str], cache_seconds: int = kernel_keyring.CACHE_SECONDS
    ) -> None:
        self.folder = folder
        self._tag = tag
        self._environ = environ
        self._cache_seconds = cache_seconds
        self._open: tuple[str, Sealer] | None = None  # with the name under which it is cached
        self._shared = True  # whether the kernel's keyring has it, and so tells when it is locked

    def create(self, passphrase: Secret) -> None:
        """Make the store, open; raise BadInputError where there is one already or the passphrase is no text."""
        make_private_dir(self.folder)
        identity = new_identity()
        try:
            sealed = wrap_identity(identity, passphrase)
        except UnicodeDecodeError:
            raise BadInputError("a passphrase must be UTF-8 text") from None
        if not create_atomic(os.path.join(self.folder, IDENTITY), sealed):
            raise BadInputError("the file store already exists", where=self.folder, hint="Unlock it: keybound unlock")
        self.keep(identity, sealed)

    def exists(self) -> bool:
        """Whether the store has been made."""
        return os.path.exists(os.path.join(self.folder, IDENTITY))

    def status(self) -> Status:
        """Open where the identity is cached or the environment offers a passphrase. Never prompts."""
        try:
            sealed = self.sealed_identity()
        except UnavailableError:
            return Status.AWAY
        if self._cached(sealed) is not None or passphrase.is_offered(self._environ):
            return Status.OPEN
        return Status.LOCKED

    def read(self, items: Sequence[Item]) -> dict[Item, Secret | Foreign]:
        """The texts of ``items``; Foreign for a file that cannot be read, is damaged, or that this store did not write."""
        found = self._texts(items)
        if any(isinstance(text, Foreign) for text in found.values()) and not self._is_current():
            return self._texts(items)  # the store was given a new key meanwhile
        return found

    def prepare(self) -> None:
        """Unlock by the cache or by what the environment offers."""
        self._sealer()

    def write(self, item: Item, text: Secret) -> None:
        """Store ``text``, durably."""
        self._sealer()
        with shared(os.path.join(self.folder, SEALING)):
            sealer = self._sealer()
            create_atomic(self._home_file(), self._tag.encode())
            path = self._path(item)
            make_private_dir(os.path.dirname(path))
            write_atomic(path, sealer.seal(address_of(self._tag, item), text))
            os.chmod(path, 0o600)

    def delete(self, item: Item) -> bool:
        """Remove the item's file; False: there was none. Raises StoreLockedError as reading does."""
        self._sealer()
        path = self._path(item)
        try:
            os.unlink(path)
            sync_dir(os.path.dirname(path))
        except FileNotFoundError:
            return False
        except OSError as fault:
            raise StoreAwayError(f"this item cannot be removed: {fault.strerror}", where=path) from None
        return True

    def items(self) -> set[Item]:
        """All items of this home that have a file."""
        self.sealed_identity()
        try:
            return set(items_below(self._root()))
        except OSError as fault:
            raise StoreAwayError(f"the file store cannot be listed: {fault.strerror}", where=self.folder) from None

    def unlock(self, ask: Ask | None) -> None:
        """Open it with the passphrase that ``ask`` or the environment gives; raise StoreLockedError if it is wrong."""
        sealed = self.sealed_identity()
        if self._cached(sealed) is not None:
            return
        given = passphrase.offered(self._environ)
        if given is None and ask is None:
            raise StoreLockedError(
                "the file store is locked, and there is no terminal to ask for its passphrase", hint=_UNLOCK
            )
        if given is None and ask is not None:
            given = ask("Passphrase for the file store: ")
        if given is not None:
            self.keep(unwrap_identity(sealed, given), sealed)

    def lock(self) -> None:
        """Forget the identity, here and in the kernel's keyring."""
        self._open = None
        kernel_keyring.forget(cache_name(self._tag, self.sealed_identity()))

    def keep(self, identity: Secret, sealed: bytes) -> Sealer:
        """Hold the unlocked identity that the identity file ``sealed`` has."""
        name = cache_name(self._tag, sealed)
        self._shared = kernel_keyring.put(name, identity, self._cache_seconds)
        self._open = (name, Sealer(identity))
        return self._open[1]

    def sealed_identity(self) -> bytes:
        """The identity file as it is now. Raises StoreAwayError where it cannot be read."""
        path = os.path.join(self.folder, IDENTITY)
        try:
            with open(path, "rb", opener=regular) as file:
                return file.read(_IDENTITY_MOST)
        except FileNotFoundError:
            raise StoreAwayError(
                "there is no file store yet", where=self.folder, hint="Create one: keybound init"
            ) from None
        except OSError as fault:
            raise StoreAwayError(f"the file store cannot be read: {fault.strerror}", where=path) from None

    def _is_current(self) -> bool:
        """Whether the identity that is open here is the one that the store has now."""
        return self._open is not None and self._open[0] == cache_name(self._tag, self.sealed_identity())

    def _texts(self, items: Sequence[Item]) -> dict[Item, Secret | Foreign]:
        sealer = self._sealer()
        found = ((item, self._text(sealer, item)) for item in items)
        return {item: text for item, text in found if text is not None}

    def _sealer(self) -> Sealer:
        sealed = self.sealed_identity()
        sealer = self._cached(sealed)
        if sealer is not None:
            return sealer
        if not passphrase.is_offered(self._environ):
            raise StoreLockedError("the file store is locked", hint=_UNLOCK)
        with exclusive(os.path.join(self.folder, OPENING), passphrase.COMMAND_SECONDS):  # many at once: one asks
            sealer = self._cached(sealed)
            given = passphrase.offered(self._environ) if sealer is None else None
            return self.keep(unwrap_identity(sealed, given), sealed) if given is not None else self._opened(sealer)

    def _opened(self, sealer: Sealer | None) -> Sealer:
        if sealer is None:
            raise StoreLockedError("the file store is locked", hint=_UNLOCK)
        return sealer

    def _cached(self, sealed: bytes) -> Sealer | None:
        name = cache_name(self._tag, sealed)
        cached = kernel_keyring.get(name)
        if cached is not None and (self._open is None or self._open[0] != name):
            self._open = (name, Sealer(cached))
        if cached is None and self._shared:  # another process locked it, or its time is over
            self._open = None
        return self._open[1] if self._open is not None and self._open[0] == name else None

    def _text(self, sealer: Sealer, item: Item) -> Secret | Foreign | None:
        path = self._path(item)
        try:
            with open(path, "rb", opener=regular) as file:
                sealed = file.read()
        except FileNotFoundError:
            return None
        except OSError as fault:
            return Foreign(path, fault.strerror or "it cannot be read")
        text = sealer.open(address_of(self._tag, item), sealed)
        return Foreign(path) if text is None else text

    def _path(self, item: Item) -> str:
        try:
            return path_of(self._root(), item)
        except ValueError as fault:
            raise BadInputError(str(fault)) from None

    def _root(self) -> str:
        """The folder itself for the home that wrote here first, one below it for each other home."""
        try:
            with open(self._home_file(), "rb", opener=regular) as file:
                owner = file.read(64).decode("ascii", "replace").strip()
        except FileNotFoundError:
            owner = self._tag
        except OSError as fault:
            raise StoreAwayError(f"the file store cannot be read: {fault.strerror}", where=self.folder) from None
        return self.folder if owner == self._tag else os.path.join(self.folder, f"@{self._tag}")

    def _home_file(self) -> str:
        return os.path.join(self.folder, HOME)


def open_files(tag: str, data_dir: str, environ: Mapping[str, str]) -> AgeFileStore:
    """The store of a home, in its data folder."""
    return AgeFileStore(os.path.join(data_dir, "store"), tag, environ)
