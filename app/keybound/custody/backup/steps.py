"""What becomes of one thing of a backup, and what its owner chose."""

from enum import StrEnum
from typing import NamedTuple

from keybound.domain.seal.envelope import Envelope
from keybound.stores.base import Item


class Act(StrEnum):
    """What is done with it."""

    RESTORE = "restore"
    REPLACE = "replace"  # what is here: its owner named it
    EXPIRE = "expire"  # what is here: the backup, being newer, knows that it expired
    SAME = "same"  # it is here already
    LEAVE = "leave"


class Step(NamedTuple):
    """``what``: "profile", "token" and so on; ``note``: why it is left, or what it comes back as.

    ``can_replace``: what is here would be replaced if its owner named it.
    """

    what: str
    id: str
    act: Act
    note: str = ""
    can_replace: bool = False


class Choice(NamedTuple):
    """``only``: tokens or profiles that are wanted, none for all; ``replace``: those that may replace what is here.

    ``keeps_approvals``: whether the backup is known to come from somebody who may approve.
    """

    only: frozenset[str] = frozenset()
    replace: frozenset[str] = frozenset()
    keeps_approvals: bool = True

    def wants(self, id_: str) -> bool:
        """Whether this token, or profile, is wanted."""
        return not self.only or id_ in self.only or id_.partition("/")[0] in self.only


class ItemStep(NamedTuple):
    """A step with the envelope that it writes, None for none, and the sealed text that the state keeps of it."""

    step: Step
    item: Item
    envelope: Envelope | None = None
    sealed_text: str = ""
