"""Where this user's Keybound keeps its things, and which profile a shell has chosen, as plain texts."""

import os
import sys

from keybound.domain.errors import BadInputError
from keybound.stores.regular_file import regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS, POLICY, PROFILES = "config.toml", "policy.toml", "profiles"  # in the config folder
GENERATION, IN_USE = "generation", "active"  # in the state folder


def base_folders(environ: "Mapping[str, str]") -> tuple[str, str, str, str]:
    """Config, data and state folders, and what ``~`` means: XDG where it is set, else the platform's own."""
    user = _user(environ)
    if sys.platform not in ("linux", "darwin"):
        import platformdirs

        found = platformdirs.PlatformDirs("keybound", appauthor=False)
        return found.user_config_dir, found.user_data_dir, found.user_state_dir, user
    return (
        _xdg(environ, "XDG_CONFIG_HOME", user, ".config"),
        _xdg(environ, "XDG_DATA_HOME", user, ".local/share"),
        _xdg(environ, "XDG_STATE_HOME", user, ".local/state"),
        user,
    )


def current_dir() -> str:
    """The folder this process stands in; the root where that folder is gone, or may not be named."""
    try:
        return os.getcwd()
    except OSError:
        return "/"


def from_here(path: str) -> str:
    """The path as it is named from the folder this process stands in. Raises BadInputError where that folder is gone."""
    try:
        return os.path.abspath(path)
    except OSError:
        raise BadInputError(
            "the current folder no longer exists", where=path, hint="Change to one that exists, such as: cd ~"
        ) from None


def _xdg(environ: "Mapping[str, str]", variable: str, user: str, default: str) -> str:
    base = environ.get(variable, "")
    folder = base if os.path.isabs(base) else os.path.join(user, default)
    return plain(os.path.join(folder, "keybound"))


def _user(environ: "Mapping[str, str]") -> str:
    """What ``~`` means. Raises BadInputError where nothing says it."""
    user = environ.get("HOME") or os.path.expanduser("~")
    if not os.path.isabs(user):
        raise BadInputError("HOME is not set to an absolute path, so your files cannot be found", hint="Set HOME.")
    return plain(user)


def plain(path: str) -> str:
    """The path without ``//``, ``/./`` and ``..``: one spelling of what leads through the same links."""
    text = os.path.normpath(path)
    return text[1:] if text.startswith("//") else text  # POSIX lets two slashes stand at the beginning


def read_line(folder: str, name: str) -> str:
    """The text of a one-line file, "" where there is none. Raises BadInputError where it cannot be read."""
    path = os.path.join(folder, name)
    try:
        with open(path, encoding="utf-8", opener=regular) as file:
            return file.readline().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as fault:
        why = (fault.strerror or "it cannot be read").lower()
    except UnicodeDecodeError:
        why = "it is not UTF-8 text"
    raise BadInputError(why, where=path, hint="Remove it, and choose again.")


def find_program(name: str, path: str) -> str:
    """The file that ``execvp`` would run for ``name``, "" where there is none."""
    if os.path.dirname(name):
        return name if _runs(name) else ""
    for folder in path.split(os.pathsep):
        found = os.path.join(folder, name)
        if _runs(found):
            return found
    return ""


def _runs(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
