"""Where this user's Keybound keeps its things."""

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple


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
        """The record of a change that is being made."""
        return os.path.join(self.state, "unfinished.json")

    def profile_path(self, name: str) -> str:
        """The file of a profile."""
        return os.path.join(self.profiles, f"{name}.toml")


def find_home(environ: Mapping[str, str]) -> Home:
    """XDG directories where they are set, else the platform's own."""
    user = environ.get("HOME") or os.path.expanduser("~")
    if sys.platform not in ("linux", "darwin"):
        import platformdirs

        found = platformdirs.PlatformDirs("keybound", appauthor=False)
        return Home(found.user_config_dir, found.user_data_dir, found.user_state_dir, user)
    return Home(
        _xdg(environ, "XDG_CONFIG_HOME", user, ".config"),
        _xdg(environ, "XDG_DATA_HOME", user, ".local/share"),
        _xdg(environ, "XDG_STATE_HOME", user, ".local/state"),
        user,
    )


def _xdg(environ: Mapping[str, str], variable: str, user: str, default: str) -> str:
    base = environ.get(variable, "")
    return os.path.join(base if os.path.isabs(base) else os.path.join(user, default), "keybound")
