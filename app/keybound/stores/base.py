"""What every secret store can do."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, Protocol

from keybound.domain.text.secret import Secret

CALL_SECONDS = 5.0  # the longest that one call may take
UNLOCK_SECONDS = 60.0  # the longest wait for the system's own prompter

Ask = Callable[[str], Secret]


class Item(NamedTuple):
    """The address of one item: ``name`` None is the profile's own seal; ``part`` says which of its items."""

    profile: str
    name: str | None
    part: str

    def __str__(self) -> str:
        owner = self.profile if self.name is None else f"{self.profile}/{self.name}"
        return f"{owner} ({self.part})"


class Foreign(NamedTuple):
    """What is found at an item's address and cannot be believed, or read (``why``). ``where``: its file."""

    where: str
    why: str = ""


class Status(Enum):
    """Whether a store can be read now."""

    OPEN = "open"
    LOCKED = "locked"
    AWAY = "away"


class SecretStore(Protocol):
    """One place for secrets. Every call ends within CALL_SECONDS; a store that cannot answer raises.

    StoreLockedError and StoreAwayError never mean that an item is missing: a store that is locked, slow or gone
    never answers "absent".
    """

    @property
    def label(self) -> str:
        """What people call it: "keyring" or "file"."""

    @property
    def limit(self) -> int | None:
        """The greatest length of an item's text in UTF-16 bytes; None: no limit."""

    def status(self) -> Status:
        """Whether it is open. Never prompts."""

    def read(self, items: Sequence[Item]) -> Mapping[Item, Secret | Foreign]:
        """The texts of ``items``; one that is not stored is left out."""

    def prepare(self) -> None:
        """Open what takes a command or a long computation to open, before any lock is held. Raises as reading does."""

    def write(self, item: Item, text: Secret) -> None:
        """Store ``text``, over an older one; return only when it reads back the same."""

    def delete(self, item: Item) -> bool:
        """Remove the item; False: there was none."""

    def items(self) -> set[Item]:
        """All items of this home; empty where the backend cannot search."""

    def unlock(self, ask: Ask | None) -> None:
        """Open it. ``ask`` puts a question to the controlling terminal; None: there is no terminal."""

    def lock(self) -> None:
        """Close it, for every process."""
