"""What commands and callers resolve to: noted in the envelope when its owner approves, compared before they count."""

import os
from collections.abc import Mapping, Sequence

from keybound.custody.context.paths import find_program
from keybound.domain.profile.definition import Command, Token
from keybound.domain.text.digests import sha256
from keybound.stores.regular_file import regular

PATH = "PATH"
_CHUNK = 1 << 20


def note_programs(token: Token, path: str) -> dict[str, list[str]]:
    """``refresh``, ``revoke`` and ``probe`` → path and SHA-256; ``caller:NAME`` → path; ``PATH`` as it is now.

    Empty for neither. A program that is not there is left out: it counts only once it has been approved.
    """
    noted: dict[str, list[str]] = {}
    revoke = token.revoke.command if token.revoke else None
    probe = token.probe.command if token.probe else None
    for name, command in (("refresh", token.refresh), ("revoke", revoke), ("probe", probe)):
        found = resolve(command.argv[0], command.folder, path) if command else ""
        if found:
            noted[name] = [found, program_digest(found)]
    for caller in token.callers:
        if found := resolve(caller, "/", path):
            noted[f"caller:{caller}"] = [found]
    return {**noted, PATH: [path]} if noted else {}


def resolve(program: str, folder: str, path: str) -> str:
    """The program's real path: as it stands, relative to ``folder``, or found in ``path``; "" where there is none."""
    if "/" in program:
        found = _place(program, folder)
        return os.path.realpath(found) if os.path.isfile(found) else ""
    absolute = os.pathsep.join(entry for entry in path.split(os.pathsep) if os.path.isabs(entry))
    located = find_program(program, absolute)
    return os.path.realpath(located) if located else ""


def _place(program: str, folder: str) -> str:
    """Where a program with a slash in its name is looked for."""
    return os.path.join(folder, os.path.expanduser(program))


def program_digest(path: str) -> str:
    """SHA-256 (hex) of the program's file; "" where it cannot be read."""
    digest = sha256()
    try:
        with open(path, "rb", opener=regular) as file:
            while part := file.read(_CHUNK):
                digest.update(part)
    except OSError:
        return ""
    return str(digest.hexdigest())


def program_fault(name: str, command: Command, noted: Mapping[str, Sequence[str]]) -> str:
    """Why the command may not be run, or "" where it is what was approved."""
    if name not in noted:
        return f"its program {_looked_for(command)} did not exist when it was approved"
    path, digest = noted[name]
    now = resolve(command.argv[0], command.folder, noted.get(PATH, [""])[0])
    if now != path:
        return f"{command.argv[0]} is now {now or 'gone'}; the approved program was {path}"
    if program_digest(path) != digest:
        return f"{path} is not the program that was approved"
    return ""


def _looked_for(command: Command) -> str:
    program = command.argv[0]
    return os.path.normpath(_place(program, command.folder)) if "/" in program else program


def callers_of(token: Token, noted: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The resolved paths that may have the token."""
    return frozenset(noted[name][0] for name in (f"caller:{caller}" for caller in token.callers) if name in noted)
