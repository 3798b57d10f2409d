"""How a home was spelled when it was made: items and seals hold that spelling, and links have many."""

import os
from typing import NamedTuple

from keybound.custody.context.paths import plain
from keybound.domain.text.compact_json import dumps, loads
from keybound.stores.age.age_paths import HOME
from keybound.stores.atomic import write_atomic
from keybound.stores.keyring.home_tag import home_tag
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular

_NAME = "home.json"


class HomeRecord(NamedTuple):
    """The configuration folder and the user's home as they were spelled."""

    config: str
    user: str


def read_record(state: str) -> HomeRecord | None:
    """What is recorded in a state folder; None where there is nothing, or nothing that can be read."""
    try:
        with open(os.path.join(state, _NAME), encoding="ascii", opener=regular) as file:
            fields = loads(file.read())
        return HomeRecord(str(fields["config"]), str(fields["user"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(state: str, config: str, user: str) -> None:
    """Record the spelling. Raises UnavailableError."""
    make_private_dir(state)
    write_atomic(os.path.join(state, _NAME), dumps(HomeRecord(config, user)._asdict()).encode("ascii"))


def has_record(state: str) -> bool:
    """Whether there is one."""
    return os.path.exists(os.path.join(state, _NAME))


def same_folder(one: str, other: str) -> bool:
    """Whether two spellings lead to one folder that is there."""
    try:
        return one == other or os.path.samefile(one, other)
    except OSError:
        return False


def spelled_by_store(config: str, data: str) -> str:
    """The spelling that the embedded store's owner has, where it is another one of the same folder.

    For homes of before there was a record.
    """
    try:
        with open(os.path.join(data, "store", HOME), encoding="ascii", opener=regular) as file:
            owner = file.read(64).strip()
    except (OSError, ValueError):
        return config
    real = plain(os.path.realpath(config))
    return real if owner != home_tag(config) and owner == home_tag(real) else config
