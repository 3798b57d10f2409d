"""What the application asks about profiles as a whole."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from keybound.custody.view_models.outcomes import Outcome
from keybound.domain.profile.comparison import Difference


class ProfileText(NamedTuple):
    """A profile's text before and after a change that is only proposed."""

    before: str
    after: str


class ProfilesService(Protocol):
    """What can be done with a profile. Every call blocks: run it in a worker. Raises KeyboundError."""

    def create(self, name: str, parent: str) -> Outcome:
        """Make one; ``parent``: the profile that it extends, or ""."""

    def copy(self, name: str, new: str) -> Outcome:
        """Make one with the text of another, and without its secrets."""

    def rename(self, name: str, new: str) -> Outcome:
        """Give it another name; its secrets move along."""

    def remove(self, name: str) -> Outcome:
        """Remove it, with its secrets."""

    def losses(self, name: str) -> tuple[str, ...]:
        """The tokens whose secrets a removal would delete."""

    def compare(self, left: str, right: str) -> Sequence[Difference]:
        """What differs between two, with what they inherit."""

    def with_parent(self, name: str, parent: str) -> ProfileText:
        """The profile's text with another parent, or ("") with none; writes nothing."""
