"""What a channel must do."""

from collections.abc import Sequence
from typing import Protocol

from keybound.domain.errors import KeyboundError
from keybound.stores.alert_table import Alert

SECONDS = 5.0  # that a channel may take; a command has a limit of its own


class ChannelError(KeyboundError):
    """A channel did not take it. ``what`` says why, for a person."""


class Channel(Protocol):
    """A way to its owner.

    ``name``: as it is known to the state, and called where it fails. ``grouped``: several alerts are one delivery, and
    deliveries are kept apart; else each is delivered by itself, at once.
    """

    @property
    def name(self) -> str:
        """How it is called."""

    @property
    def grouped(self) -> bool:
        """Whether several are one."""

    def send(self, alerts: Sequence[Alert]) -> None:
        """Deliver these, in a few seconds at most. Raises ChannelError."""
