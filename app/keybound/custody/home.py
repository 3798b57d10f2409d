"""Where this user's Keybound keeps its things."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from keybound.custody.paths import base_folders


class Home(NamedTuple):
    """Absolute paths. ``user`` is what ``~`` means."""

    config: str
    data: str
    state: str
    user: str

    @property
    def profiles(self) -> str:
        """The folder of profile files."""
        return os.path.join(self.config, "profiles")

    @property
    def settings(self) -> str:
        """How Keybound behaves for this user."""
        return os.path.join(self.config, "config.toml")

    @property
    def policy(self) -> str:
        """The rules that every profile must keep."""
        return os.path.join(self.config, "policy.toml")

    @property
    def lock(self) -> str:
        """The lock that releases share and writers hold alone."""
        return os.path.join(self.state, "lock")

    @property
    def generation(self) -> str:
        """The stamp that is touched at every change."""
        return os.path.join(self.state, "generation")

    @property
    def unfinished(self) -> str:
        """The record of the change that is being made."""
        return os.path.join(self.state, "unfinished.json")

    @property
    def waiting(self) -> str:
        """The folder of changes that can be neither completed nor undone now; not there while there are none."""
        return os.path.join(self.state, "waiting")

    @property
    def drafts(self) -> str:
        """The folder of texts that were typed and not saved."""
        return os.path.join(self.state, "drafts")

    def profile_path(self, name: str) -> str:
        """The file of a profile."""
        return os.path.join(self.profiles, f"{name}.toml")


def find_home(environ: Mapping[str, str]) -> Home:
    """The home of whoever has this environment."""
    return Home(*base_folders(environ))
