"""A passphrase without a person: from a file or from a command, as restic takes it."""

import os
from collections.abc import Mapping

from keybound.domain.errors import StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.stores.base import CALL_SECONDS
from keybound.stores.bounded import within

FILE = "KEYBOUND_PASSWORD_FILE"
COMMAND = "KEYBOUND_PASSWORD_COMMAND"
COMMAND_SECONDS = 30.0
_MOST = 65_536


def is_offered(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a passphrase file or command."""
    return bool(environ.get(FILE) or environ.get(COMMAND))


def offered(environ: Mapping[str, str]) -> Secret | None:
    """The passphrase that the environment offers, one trailing newline taken off; None where it offers none.

    Raises StoreLockedError where the file cannot be read or the command fails or takes over COMMAND_SECONDS.
    """
    if environ.get(FILE):
        return _trimmed(_from_file(environ[FILE]), FILE)
    if environ.get(COMMAND):
        return _trimmed(_from_command(environ), COMMAND)
    return None


def _trimmed(passphrase: Secret, source: str) -> Secret:
    from keybound.domain.text.secret import expose_secret

    if not expose_secret(passphrase).removesuffix(b"\n"):
        raise StoreLockedError("the passphrase is empty", where=source)
    return Secret(expose_secret(passphrase).removesuffix(b"\n").removesuffix(b"\r"))


def _from_file(path: str) -> Secret:
    def read() -> Secret:
        with open(os.path.expanduser(path), "rb") as file:
            return Secret(file.read(_MOST))

    try:
        return within(CALL_SECONDS, read)  # a pipe that nobody writes to is no reason to wait
    except OSError as fault:
        raise StoreLockedError(f"the passphrase cannot be read: {fault.strerror}", where=f"{FILE}={path}") from None


def _from_command(environ: Mapping[str, str]) -> Secret:
    import shlex
    import subprocess

    inherited = {name: value for name, value in environ.items() if name not in (FILE, COMMAND)}
    try:
        done = subprocess.run(
            shlex.split(environ[COMMAND]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=inherited,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StoreLockedError(f"the command did not finish within {COMMAND_SECONDS:g} s", where=COMMAND) from None
    except (OSError, ValueError, IndexError) as fault:
        raise StoreLockedError(f"the command cannot be run: {fault}", where=COMMAND) from None
    if done.returncode != 0:
        raise StoreLockedError(f"the command failed with status {done.returncode}", where=COMMAND)
    return Secret(done.stdout)
