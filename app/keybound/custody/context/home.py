"""Where this user's Keybound keeps its things: one home, however its path is spelled."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from keybound.custody.context.home_record import HomeRecord, read_record, same_folder, spelled_by_store
from keybound.custody.context.paths import GENERATION, POLICY, PROFILES, SETTINGS, base_folders
from keybound.domain.errors import BadInputError, RefusedError


class Home(NamedTuple):
    """Absolute paths. ``user`` is what ``~`` means.

    ``made_as``: the configuration folder that this state belongs to, where it cannot be told to be ``config``.
    """

    config: str
    data: str
    state: str
    user: str
    made_as: str = ""

    @property
    def profiles(self) -> str:
        """The folder of profile files."""
        return os.path.join(self.config, PROFILES)

    @property
    def settings(self) -> str:
        """How Keybound behaves for this user."""
        return os.path.join(self.config, SETTINGS)

    @property
    def policy(self) -> str:
        """The rules that every profile must keep."""
        return os.path.join(self.config, POLICY)

    @property
    def lock(self) -> str:
        """The lock that releases share and writers hold alone."""
        return os.path.join(self.state, "lock")

    @property
    def generation(self) -> str:
        """The stamp that is touched at every change."""
        return os.path.join(self.state, GENERATION)

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
    found = Home(*base_folders(environ))
    _check_folders(environ, found)
    record = read_record(found.state)
    if record is None:
        return found._replace(config=spelled_by_store(found.config, found.data))
    return _as_recorded(found, record)


def _as_recorded(home: Home, record: HomeRecord) -> Home:
    """The home in the spelling in which it was made: items, seals and definitions hold it."""
    user = record.user if same_folder(record.user, home.user) else home.user
    if record.config == home.config:
        return home._replace(user=user)
    if same_folder(record.config, home.config):
        return home._replace(config=record.config, user=user)
    return home._replace(made_as=record.config)


def _check_folders(environ: Mapping[str, str], home: Home) -> None:
    """Raise BadInputError where HOME is needed and is no folder; RefusedError where root stands in another user's home."""
    bases = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    if not os.path.isdir(home.user) and not all(os.path.isabs(environ.get(base, "")) for base in bases):
        raise BadInputError(f"HOME is {home.user}, which is not a folder", hint="Set HOME to your home folder.")
    if os.name != "posix" or os.geteuid() != 0:
        return
    for folder in (home.config, home.data, home.state):
        owner = _owner(folder)
        if owner != 0:
            raise RefusedError(
                f"you are root, but {folder} belongs to the user with ID {owner}",
                hint=f"Nothing was done. Run it as that user: sudo -u '#{owner}' keybound …, or with root's own HOME.",
            )


def _owner(folder: str) -> int:
    """Who owns the folder, or the nearest one above that is there."""
    while True:
        try:
            return os.stat(folder).st_uid
        except OSError:
            folder = os.path.dirname(folder)
