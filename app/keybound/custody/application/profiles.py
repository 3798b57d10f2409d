"""The application's part of profiles: the use cases of the command line, each with a line for a toast."""

from collections.abc import Sequence
from contextlib import suppress

from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.profile_new import copy_profile, create_profile, tokens_with_secret
from keybound.custody.tokens.profile_remove import remove_profile
from keybound.custody.tokens.rename import rename_profile
from keybound.custody.view_models.outcomes import Outcome
from keybound.custody.view_models.profiles import ProfileText
from keybound.domain.profile.comparison import Difference, compare
from keybound.sources.editing.edit_toml import set_value, unset


class Profiles:
    """Implements :class:`keybound.custody.view_models.profiles.ProfilesService`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def create(self, name: str, parent: str) -> Outcome:
        """Make one."""
        create_profile(self._context, name, parent)
        return Outcome(True, f"{name} is made" + (f", and extends {parent}" if parent else ""))

    def copy(self, name: str, new: str) -> Outcome:
        """Make one with the text of another."""
        return Outcome(True, copy_profile(self._context, name, new))

    def rename(self, name: str, new: str) -> Outcome:
        """Give it another name."""
        return Outcome(True, rename_profile(self._context, name, new))

    def remove(self, name: str) -> Outcome:
        """Remove it, with its secrets."""
        return Outcome(True, remove_profile(self._context, name))

    def losses(self, name: str) -> tuple[str, ...]:
        """The tokens whose secrets a removal would delete."""
        return tuple(tokens_with_secret(self._context, name))

    def compare(self, left: str, right: str) -> Sequence[Difference]:
        """What differs between two."""
        library = Library(self._context.home)
        return compare(library.load(left).profile, library.load(right).profile)

    def with_parent(self, name: str, parent: str) -> ProfileText:
        """The profile's text with another parent; writes nothing."""
        before = Library(self._context.home).page(name).text
        if parent:
            return ProfileText(before, set_value(before, ("extends",), parent))
        after = before
        with suppress(LookupError):  # it has none already
            after = unset(before, ("extends",))
        return ProfileText(before, after)
