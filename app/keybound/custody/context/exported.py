"""What an environment holds of Keybound's: the exported list of names, ids and short salted digests, no values."""

import os

from keybound.domain.text.digests import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HELD = "KEYBOUND_HELD"


def write_held(values: "Mapping[str, tuple[str, bytes]]") -> str:
    """``KEYBOUND_HELD`` for variables with their token ids ("" for a plain one) and values; "" for none."""
    if not values:
        return ""
    salt = os.urandom(8).hex()
    rows = [f"{name}:{id_}:{_short(salt, value)}" for name, (id_, value) in sorted(values.items())]
    return " ".join([salt, *rows])


def still_held(environ: "Mapping[str, str]") -> dict[str, str]:
    """Variables whose present value is still the one that Keybound exported, with their token ids.

    Malformed entries of the list are passed over.
    """
    salt, *entries = environ.get(HELD, "").split(" ")
    found = {}
    for entry in entries:
        name, _, rest = entry.partition(":")
        id_, _, digest = rest.partition(":")
        if name in environ and _short(salt, environ[name].encode("utf-8", "surrogateescape")) == digest:
            found[name] = id_
    return found


def own_environment(environ: "Mapping[str, str]") -> dict[str, str]:
    """The caller's environment with what Keybound exported taken out."""
    ours = still_held(environ)
    return {name: value for name, value in environ.items() if name not in ours}


def _short(salt: str, value: bytes) -> str:
    return str(sha256(salt.encode() + b"\0" + value).hexdigest()[:12])
