"""The project file ``.keybound.toml``: the nearest one counts once its content was allowed at its place."""

import os

from keybound.domain.text.digests import sha256
from keybound.stores.regular_file import regular

PROJECT = ".keybound.toml"
ALLOWED = "allowed"
_MOST = 65_536


def project_places(cwd: str) -> list[str]:
    """Where a project file may stand for this folder, nearest first."""
    folder = os.path.realpath(cwd)
    places = [os.path.join(folder, PROJECT)]
    while folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        places.append(os.path.join(folder, PROJECT))
    return places


def nearest_project(cwd: str) -> str:
    """The nearest project file, "" where there is none."""
    return next((path for path in project_places(cwd) if os.path.lexists(path)), "")


def read_project(path: str) -> bytes:
    """Its content. Raises OSError where it is not a small regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    with open(descriptor, "rb", buffering=0) as file:
        if not os.path.isfile(path):
            raise OSError(22, "it is not a file", path)
        data = file.read(_MOST + 1) or b""
    if len(data) > _MOST:
        raise OSError(27, "it is too large", path)
    return data


def approval_name(identity: str, content: bytes) -> str:
    """The name of an approval: a digest of where the file stands and of what it says."""
    return str(sha256(b"keybound:allow:1\0" + os.fsencode(identity) + b"\0" + content).hexdigest())


def allowed_profile(state: str, path: str, content: bytes) -> str:
    """The profile of a project file that is allowed where it stands; "" for one that is not."""
    try:
        with open(
            os.path.join(state, ALLOWED, approval_name(os.path.realpath(path), content)),
            encoding="utf-8",
            opener=regular,
        ) as file:
            profile, approval = file.read().split()
    except (OSError, ValueError):
        return ""
    return profile if os.path.exists(os.path.join(state, ALLOWED, approval)) else ""
