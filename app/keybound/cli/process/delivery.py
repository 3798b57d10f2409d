"""Other forms in which a secret is handed over: private files in memory, and places in a text."""

import fcntl
import os
from collections.abc import Mapping, Sequence

from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.text.template import filled
from keybound.domain.values.variables import variable_fault
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.formats.dotenv import parse_dotenv
from keybound.sources.parse_fault import ParseError

_SEALS = (
    fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
    if hasattr(fcntl, "F_SEAL_SEAL")
    else 0
)


def hand_as_files(
    environment: dict[bytes, bytes], names: Sequence[str], variables: Mapping[str, tuple[str, Secret]]
) -> list[str]:
    """Take each variable out and name a sealed file in memory, which the command inherits, in ``NAME_FILE``.

    Returns the names of these. The files are private by their mode too: ssh and psql refuse others.

    Raises BadInputError for a name that is none of the released variables, or where the system has no such files.
    """
    once = dict.fromkeys(names)
    for name in once:
        if name not in variables:
            raise BadInputError(
                f"{name} is not a variable of any released token", hint=f"Known: {', '.join(variables)}."
            )
        if not hasattr(os, "memfd_create"):
            raise BadInputError(
                "this system has no in-memory files", hint="Without --file, the variable itself holds the secret."
            )
        descriptor = os.memfd_create(f"keybound-{name}", os.MFD_ALLOW_SEALING)
        os.fchmod(descriptor, 0o400)
        os.write(descriptor, expose_secret(variables[name][1]))
        os.lseek(descriptor, 0, os.SEEK_SET)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
        os.set_inheritable(descriptor, True)
        del environment[name.encode()]
        environment[f"{name}_FILE".encode()] = f"/proc/self/fd/{descriptor}".encode()
    return [f"{name}_FILE" for name in once]


def read_template(path: str) -> bytes:
    """A text with places. Raises BadInputError."""
    content = open_once(path)
    if not isinstance(content, Content):
        raise BadInputError(content.why, where=path)
    return content.data


def variables_of(path: str, data: bytes, secrets: Mapping[str, Secret], allowed: frozenset[str]) -> dict[bytes, bytes]:
    """The variables of a dotenv text, places filled after it was read. ``allowed``: what policy.toml names.

    Raises BadInputError with file and line.
    """
    try:
        table = parse_dotenv(data.decode())
    except ParseError as fault:
        raise BadInputError(str(fault), where=path) from None
    except UnicodeDecodeError:
        raise BadInputError("it is not UTF-8 text", where=path) from None
    found = {}
    for name, text in table.items() if isinstance(table, Mapping) else []:
        if fault_ := variable_fault(name, allowed):
            raise BadInputError(fault_, where=path)
        value = filled(str(text).encode(), secrets, f"{path}: {name}")
        if b"\0" in value:
            raise BadInputError(f"{name} contains a NUL byte", where=path)
        found[name.encode()] = value
    return found
