"""Read and open a backup: a regular file, bounded, which a passphrase or an identity opens."""

import os
import stat
from collections.abc import Callable

from keybound.custody.backup.archive import MOST_BYTES
from keybound.custody.backup.contents import Contents, unpacked
from keybound.domain.errors import BadInputError, KeyboundError, NotFoundError
from keybound.domain.text.secret import Secret
from keybound.stores.age.age_document import is_age, is_under_passphrase, open_with_identity, open_with_passphrase


class SealedBackup:
    """The file at ``path``, read. Raises NotFoundError, BadInputError where it is no age file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._sealed = _read(path)
        if not is_age(self._sealed):
            raise BadInputError("it is not a backup: it is not an age file", where=path)

    @property
    def is_under_passphrase(self) -> bool:
        """Whether a passphrase opens it, so that nobody who does not know it wrote it."""
        return is_under_passphrase(self._sealed)

    def open_with_passphrase(self, passphrase: Secret) -> Contents:
        """What it holds. Raises StoreLockedError where it is wrong, BadInputError where the file is damaged."""
        return self._opened(lambda: open_with_passphrase(self._sealed, passphrase))

    def open_with_identity(self, identity: Secret) -> Contents:
        """The same, by an age identity file or an SSH private key."""
        return self._opened(lambda: open_with_identity(self._sealed, identity))

    def _opened(self, decrypt: Callable[[], Secret]) -> Contents:
        try:
            return unpacked(decrypt())
        except KeyboundError as fault:
            hint = fault.hint or "Nothing was changed."
            raise type(fault)(fault.what, where=self.path, hint=hint) from None


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise NotFoundError("there is no such file", where=path) from None
    except OSError as fault:
        raise BadInputError(f"it cannot be read: {fault.strerror}", where=path) from None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise BadInputError("it is no file", where=path)
        if status.st_size > MOST_BYTES:
            raise BadInputError("it is larger than any backup", where=path)
        return file.read(MOST_BYTES + 1)
