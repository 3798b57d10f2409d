"""Folders that only their owner can enter."""

import os

from keybound.domain.errors import UnavailableError


def make_private_dir(path: str) -> None:
    """Make a folder, and its missing parents, that only its owner can enter; raise UnavailableError."""
    try:
        parent = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(parent):
            make_private_dir(parent)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            if not os.path.isdir(path):
                raise NotADirectoryError(20, "something else has that name") from None
    except OSError as fault:
        raise UnavailableError(f"cannot be created: {fault.strerror}", where=path) from None
