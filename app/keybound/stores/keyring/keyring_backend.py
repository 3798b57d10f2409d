"""Any other keyring that the ``keyring`` library knows, by the class of its backend."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from keybound.domain.errors import BadInputError, KeyboundError, StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.stores.base import CALL_SECONDS, UNLOCK_SECONDS, Ask, Item, Status
from keybound.stores.bounded import within
from keybound.stores.keyring.home_tag import service_of, user_of

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
_CLASS = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+\Z", re.ASCII)
_LIMITS = {"keyring.backends.Windows.WinVaultKeyring": 2560}
_HINT = "Check that keyring, or choose the file store: KEYBOUND_STORE=file"


class KeyringStore:
    """Items of the home ``tag`` in the backend ``class_path`` ("package.module.Class"), never found by scanning."""

    label = "keyring"

    def __init__(self, class_path: str, tag: str) -> None:
        if _CLASS.match(class_path) is None:
            raise BadInputError(f"{class_path!r} is not a keyring backend class", hint="Write it as module.Class")
        self._class_path = class_path
        self._tag = tag
        self._backend: KeyringBackend | None = None

    @property
    def limit(self) -> int | None:
        """The greatest length of an item's text in UTF-16 bytes; None: no limit is known."""
        return _LIMITS.get(self._class_path)

    def status(self) -> Status:
        """Whether the backend can be used here. Backends tell no more than that without prompting."""
        try:
            self._call(lambda backend: type(backend).priority)
        except StoreLockedError:
            return Status.LOCKED
        except UnavailableError:
            return Status.AWAY
        return Status.OPEN

    def read(self, items: Sequence[Item]) -> dict[Item, Secret]:
        """The texts of ``items``."""

        def get(backend: "KeyringBackend") -> dict[Item, Secret]:
            found = ((item, self._get(backend, item)) for item in items)
            return {item: text for item, text in found if text is not None}

        return self._call(get)

    def prepare(self) -> None:
        """It is opened by its own prompter only: nothing to do."""

    def write(self, item: Item, text: Secret) -> None:
        """Store ``text`` and read it back; raise BadInputError over the limit, StoreAwayError where it reads back otherwise."""
        if self.limit is not None and len(expose_secret(text).decode().encode("utf-16-le")) > self.limit:
            raise BadInputError(f"this keyring holds at most {self.limit} bytes per item", where=str(item))

        def put(backend: "KeyringBackend") -> Secret | None:
            backend.set_password(service_of(item), user_of(item, self._tag), expose_secret(text).decode())
            return self._get(backend, item)

        if self._call(put) != text:
            raise StoreAwayError("the keyring did not keep what was written", where=str(item), hint=_HINT)

    def delete(self, item: Item) -> bool:
        """Remove the item; False: there was none."""

        def erase(backend: "KeyringBackend") -> bool:
            if self._get(backend, item) is None:
                return False
            backend.delete_password(service_of(item), user_of(item, self._tag))
            return True

        return self._call(erase)

    def items(self) -> set[Item]:
        """Nothing: these backends cannot search."""
        return set()

    def unlock(self, ask: Ask | None) -> None:
        """Read an item that is not there, so that a backend which asks its user does so now."""
        seconds = CALL_SECONDS if ask is None else UNLOCK_SECONDS
        self._call(lambda backend: self._get(backend, Item("unlock", None, "unlock")), seconds)

    def lock(self) -> None:
        """Raise UnavailableError: these backends have no common way to be locked."""
        raise UnavailableError("this keyring cannot be locked from here", hint="Lock it with its own program.")

    def _get(self, backend: "KeyringBackend", item: Item) -> Secret | None:
        text = backend.get_password(service_of(item), user_of(item, self._tag))
        return None if text is None else Secret(text)

    def _call(self, action: "Callable[[KeyringBackend], T]", seconds: float = CALL_SECONDS) -> T:
        return within(seconds, lambda: self._translated(action), _HINT)

    def _translated(self, action: "Callable[[KeyringBackend], T]") -> T:
        from keyring.errors import KeyringLocked, NoKeyringError

        try:
            return action(self._made())
        except KeyboundError:
            raise
        except KeyringLocked:
            raise StoreLockedError("the keyring is locked", hint="Unlock it: keybound unlock") from None
        except NoKeyringError:
            raise StoreAwayError("there is no keyring", hint=_HINT) from None
        except Exception as fault:  # backends raise whatever their system raises
            raise StoreAwayError(f"the keyring failed: {type(fault).__name__}", hint=_HINT) from None

    def _made(self) -> "KeyringBackend":
        if self._backend is None:
            self._backend = self._load()()
        return self._backend

    def _load(self) -> "type[KeyringBackend]":
        from importlib import import_module

        from keyring.backend import KeyringBackend

        module, _, name = self._class_path.rpartition(".")
        try:
            found = getattr(import_module(module), name, None)
        except ImportError:
            found = None
        if not (isinstance(found, type) and issubclass(found, KeyringBackend)):
            raise StoreAwayError(f"{self._class_path} is not a keyring backend here", hint=_HINT)
        return found
