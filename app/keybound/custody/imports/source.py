"""Where tokens are taken from: a file of a known kind, or what is no file."""

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.paths import from_here
from keybound.custody.scan.places import usual_places
from keybound.domain.errors import BadInputError, KeyboundError, NotFoundError
from keybound.domain.file_formats import format_by_name
from keybound.domain.registry import load
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import PlainSecret
from keybound.sources.plain.reading import LocatedSecret, plain_secrets
from keybound.sources.plain.registry import KINDS, get_plain_file, plain_kind

# what is no file, by what stands before the colon: the function that reads it
OTHERS = {
    "env": ".environment:read_environment",
    "keyring": ".keyring_items:read_keyring",
    "envchain": ".keyring_items:read_envchain",
    "aws-vault": ".keyring_items:read_aws_vault",
    "pass": ".password_store:read_pass",
}


class ImportSource(NamedTuple):
    """What stands in one place.

    ``label``: what people call the place; ``kind``: of file, or the prefix of what is none; ``certain``: all of it is secret.
    ``variable``: from which its tool reads one; ``named``: each has the name of a variable, so no other will do; ``helped``: a
    helper answers the tool. ``path`` and ``digest``: of the file as it was read, "" for what is no file.
    """

    label: str
    kind: str
    certain: bool
    secrets: tuple[LocatedSecret, ...]
    variable: Callable[[PlainSecret], str]
    named: bool = False
    path: str = ""
    digest: str = ""
    helped: bool = False


def read_source(context: Context, what: str, kind: str = "") -> ImportSource:
    """Read ``what``: a path, or ``env:`` and its like. ``kind``: of a file whose name does not tell it.

    Raises NotFoundError, BadInputError.
    """
    prefix, colon, rest = what.partition(":")
    if colon and prefix in OTHERS:
        found: ImportSource = load(OTHERS[prefix], __package__)(context, rest)
        return found
    return _file(from_here(what), kind)


def usual_files(context: Context) -> list[str]:
    """The files in the usual places, and those of the current folder whose names tell that tokens stand in them."""
    here = sorted(path for path in _files_in(context.caller.cwd) if plain_kind(path))
    return list(dict.fromkeys([*usual_places(context.environ, context.home.user), *map(os.path.realpath, here)]))


def read_usual(paths: Iterable[str]) -> tuple[list[ImportSource], list[str]]:
    """What stands in those of the files that are of a known kind; and a line for each that cannot be read."""
    sources, notes = [], []
    for path in paths:
        if plain_kind(path):
            try:
                source = _file(path, "")
            except KeyboundError as fault:
                notes.append(f"{fault.where}: {fault.what}")
            else:
                sources += [source] if source.secrets else []
    return sources, notes


def _files_in(folder: str) -> list[str]:
    """The paths of its files; none where it is gone, or may not be listed."""
    try:
        paths = [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []
    return [path for path in paths if os.path.isfile(path)]  # a link that loops is none, and no fault either


def _file(path: str, kind: str) -> ImportSource:
    content = open_once(path)
    if not isinstance(content, Content):
        if not os.path.lexists(path):
            raise NotFoundError("no such file", where=path)
        raise BadInputError(content.why, where=path)
    kind = kind or plain_kind(path) or ("dotenv" if format_by_name(path) == "dotenv" else "")
    if not kind:
        raise BadInputError(
            "its name does not tell what kind of file it is", where=path, hint=f"Give --kind: {', '.join(KINDS)}."
        )
    try:
        secrets = plain_secrets(kind, path, content.data)
    except ParseError as fault:
        where = f"{path}:{fault.line}" if fault.line else path
        raise BadInputError(
            f"it cannot be read as a {kind} file: {fault.why}", where=where, hint="Nothing was imported."
        ) from None
    file = get_plain_file(kind)
    digest = sha256(content.data).hexdigest()
    return ImportSource(
        path,
        kind,
        KINDS[kind].certain,
        tuple(secrets),
        file.variable,
        named=file.named,
        path=path,
        digest=digest,
        helped=file.helped,
    )
