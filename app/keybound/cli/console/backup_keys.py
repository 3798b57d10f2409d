"""What encrypts and opens a backup: a passphrase that is asked for or offered, recipients, identities."""

import os

from keybound.cli.console.io import ask_secret, asked_twice, has_terminal
from keybound.domain.errors import BadInputError, StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.stores.age import passphrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 1_048_576


def backup_passphrase(environ: "Mapping[str, str]", file: str | None, *, new: bool) -> Secret:
    """From ``file``, else from the terminal, else what the environment offers. ``new``: it is asked twice.

    Raises StoreLockedError where nobody can say it.
    """
    if file:
        found = passphrase.offered({passphrase.FILE: file})
    elif has_terminal():
        return asked_twice("New passphrase for the backup") if new else ask_secret("Passphrase of the backup")
    else:
        found = passphrase.offered(environ)
    if found is None:
        raise StoreLockedError(
            "a backup needs a passphrase, and there is no terminal to ask for it",
            hint="Set KEYBOUND_PASSWORD_FILE or KEYBOUND_PASSWORD_COMMAND, or use --recipient and --identity.",
        )
    return found


def recipients_in(texts: "Sequence[str]", files: "Sequence[str]") -> list[str]:
    """Those that are given, and those of files: one a line, ``#`` begins a comment. Raises BadInputError."""
    found = list(texts)
    for path in files:
        lines = [line.strip() for line in _read(path).decode("utf-8", "replace").splitlines()]
        named = [line for line in lines if line and not line.startswith("#")]
        if not named:
            raise BadInputError("there is no recipient in it", where=path)
        found += named
    return found


def identity_in(path: str) -> Secret:
    """The text of an age identity file or of an SSH private key. Raises BadInputError."""
    return Secret(_read(path))


def _read(path: str) -> bytes:
    try:
        with open(os.path.expanduser(path), "rb") as file:
            return file.read(_MOST)
    except OSError as fault:
        raise BadInputError(f"it cannot be read: {(fault.strerror or '').lower()}", where=path) from None
