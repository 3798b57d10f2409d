"""The identities that tests leave in the kernel's keyring of this user: its quota is small, and the user's own."""

from pathlib import Path

from keybound.stores.age import kernel_keyring

_KEYS = Path("/proc/keys")


def kept(prefix: str = "keybound:") -> set[str]:
    """The names of the keys that begin so, as far as this process may see them."""
    try:
        words = [word for line in _KEYS.read_text().splitlines() for word in line.split()]
    except OSError:
        return set()
    return {word[:-1] for word in words if word.startswith(prefix) and word.endswith(":")}


def forget(names: set[str]) -> None:
    """Drop them."""
    for name in names:
        kernel_keyring.forget(name)
