"""What the first run offers and asks: plain values, none holds a passphrase."""

from typing import NamedTuple, Protocol

from keybound.domain.text.secret import Secret


class StoreChoice(NamedTuple):
    """Where secrets can be kept on this machine.

    ``fixed``: the store that ``KEYBOUND_STORE`` or an earlier choice names, "" where both are offered. ``keyring``: why it
    cannot be used now; ``locked``: it can, once the system has asked for its password.
    ``folder``: where the encrypted files lie; ``exists``: they are there already, so their passphrase is needed.
    ``given``: the variable that gives it, so that nobody has to type it.
    """

    fixed: str
    keyring: str
    locked: bool
    folder: str
    exists: bool
    given: str


class Strength(NamedTuple):
    """How good a passphrase is, in words; ``weak``: somebody who has the files may guess it."""

    words: str
    weak: bool


class FirstRunService(Protocol):
    """What a first run asks for. Every call blocks: run it in a worker. Raises KeyboundError."""

    def store_choice(self) -> StoreChoice:
        """Look where secrets can be kept; writes nothing and prompts for nothing."""

    def strength(self, passphrase: Secret) -> Strength:
        """How long a passphrase would stand."""

    def use_store(self, kind: str, passphrase: Secret) -> None:
        """Open the store ``kind``, made where it is not there, prove it, then record it as the one in use.

        An empty ``passphrase``: as ``given`` says.
        """

    def first_profile(self, name: str) -> str:
        """The active profile. Where there is no profile, one of this name is made; where none is active, the first one is."""
