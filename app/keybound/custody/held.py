"""What an environment holds of Keybound's: the exported list of names, ids and short salted digests, no values."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import NamedTuple

HELD = "KEYBOUND_HELD"


class HeldVariable(NamedTuple):
    """A variable that Keybound exported: the token it came from ("" for a plain one) and a salted digest."""

    name: str
    id: str
    digest: str


def read_held(environ: Mapping[str, str]) -> tuple[str, tuple[HeldVariable, ...]]:
    """The salt and the variables that ``KEYBOUND_HELD`` lists; malformed entries are passed over."""
    salt, *entries = environ.get(HELD, "").split(" ")
    rows = [entry.split(":") for entry in entries]
    return salt, tuple(HeldVariable(*row) for row in rows if len(row) == 3)


def write_held(values: Mapping[str, tuple[str, bytes]]) -> str:
    """``KEYBOUND_HELD`` for variables with their token ids and values; "" for none."""
    if not values:
        return ""
    salt = secrets.token_hex(8)
    rows = [f"{name}:{id_}:{_short(salt, value)}" for name, (id_, value) in sorted(values.items())]
    return " ".join([salt, *rows])


def still_held(environ: Mapping[str, str]) -> dict[str, str]:
    """Variables whose present value is still the one that Keybound exported, with their token ids."""
    salt, rows = read_held(environ)
    return {
        row.name: row.id
        for row in rows
        if row.name in environ and _short(salt, environ[row.name].encode("utf-8", "surrogateescape")) == row.digest
    }


def own_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The asker's environment with what Keybound exported taken out."""
    ours = still_held(environ)
    return {name: value for name, value in environ.items() if name not in ours}


def _short(salt: str, value: bytes) -> str:
    return hashlib.sha256(salt.encode() + b"\0" + value).hexdigest()[:12]
