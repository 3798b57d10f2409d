"""Files by their path in keys: ``file:~/.kube/config#current-context`` gets a name in ``[files]``."""

import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from keybound.domain.errors import BadInputError
from keybound.domain.profile.inherit import absolute

_VAGUE = frozenset({"config", "credentials", "settings", "hosts", "config.json", "settings.json", "config.toml"})


class NamedFile(NamedTuple):
    """A key that names its file. ``name`` and ``path``: what must be written into ``[files]`` for it, "" for nothing."""

    key: str
    name: str = ""
    path: str = ""
    whole: str = ""


def name_file(key: str, files: Mapping[str, str], user: str, folder: str) -> NamedFile:
    """Give the file of ``key`` a name, where it is a path. Raises BadInputError.

    ``files``: the profile's, absolute; ``user``: what ``~`` means; a relative path is one from ``folder``.
    """
    kind, colon, rest = key.partition(":")
    path, hash_, inner = rest.partition("#")
    if not colon or kind != "file" or not _is_path(path):
        return NamedFile(key)
    whole = _whole(path, user, folder)
    known = next((name for name, one in files.items() if os.path.normpath(one) == whole), "")
    if known:
        return NamedFile(f"file:{known}{hash_}{inner}")
    name = _name(whole, files)
    return NamedFile(f"file:{name}{hash_}{inner}", name, _written(whole, user), whole)


def written_path(path: str, user: str, folder: str) -> str:
    """A path as it is written into ``[files]``. Raises BadInputError."""
    return _written(_whole(path, user, folder), user)


def _whole(path: str, user: str, folder: str) -> str:
    if not path or (path.startswith("~") and not path.startswith("~/")):
        raise BadInputError(f"{path or 'nothing'} is not a path that can be used here", hint="Start it with ~/ or /.")
    return os.path.normpath(absolute(path, folder, user))


def _is_path(text: str) -> bool:
    return "/" in text or text[:1] in ("~", ".")


def _written(path: str, user: str) -> str:
    """As a person would write it, so that the profile serves on another machine."""
    home = os.path.normpath(user) + "/"
    return f"~/{path[len(home) :]}" if path.startswith(home) else path


def _name(path: str, files: Mapping[str, str]) -> str:
    """A name that says which file it is: ``npmrc``, ``kube`` for ``~/.kube/config``, ``aws-credentials``."""
    folder, base = (_plain(part) for part in (os.path.basename(os.path.dirname(path)), os.path.basename(path)))
    name = base or "file"
    if base in _VAGUE and folder:
        name = folder if base == "config" else f"{folder}-{base}"
    numbers = (f"{name}-{number}" for number in range(2, len(files) + 3))
    return next(one for one in (name, *numbers) if one not in files)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).lstrip("._-")[:60]
