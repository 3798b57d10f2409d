"""What lies inside the age file: a tar of plain files, and as its last member a manifest that lists the others.

What is read may be hostile: an archive is taken whole or refused, and nothing of it is ever unpacked to a folder.
"""

import io
import re
import tarfile
from collections.abc import Mapping
from typing import NamedTuple

from keybound.domain.errors import BadInputError
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.digests import sha256
from keybound.domain.text.secret import Secret, expose_secret

FORMAT = 1
MANIFEST = "manifest.json"
MOST_BYTES = 512 * 1024 * 1024  # of a whole backup
MOST_MEMBERS = 200_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}(?:/[a-z0-9][a-z0-9._-]{0,79}(?:@[a-z ]{1,20})?(?:\.[a-z]{1,8})?){0,2}\Z")


class Head(NamedTuple):
    """Of which home a backup is, and when it was made (ISO 8601 in UTC). ``config``, ``user``: its folders then."""

    made_at: str
    version: str
    config: str
    user: str


def pack(head: Head, members: Mapping[str, Secret]) -> Secret:
    """The archive."""
    listed = {name: str(sha256(expose_secret(text)).hexdigest()) for name, text in members.items()}
    manifest = dumps({"format": FORMAT, **head._asdict(), "members": listed}).encode()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, text in [*members.items(), (MANIFEST, Secret(manifest))]:
            data = expose_secret(text)
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            tar.addfile(entry, io.BytesIO(data))
    return Secret(file.getvalue())


def unpack(archive: Secret) -> tuple[Head, dict[str, Secret]]:
    """What :func:`pack` was given. Raises BadInputError where anything about it is not as it has to be."""
    try:
        with tarfile.open(fileobj=io.BytesIO(expose_secret(archive)), mode="r:") as tar:
            members = _members(tar)
    except (tarfile.TarError, OSError, ValueError, RecursionError):
        raise BadInputError("what it holds is not a backup") from None
    manifest = members.popitem() if members else ("", b"")
    if manifest[0] != MANIFEST:
        raise BadInputError("it is not a whole backup: its manifest is not there")
    head, listed = _manifest(manifest[1])
    if listed != {name: sha256(data).hexdigest() for name, data in members.items()}:
        raise BadInputError("it is damaged: it does not hold what its manifest says")
    return head, {name: Secret(data) for name, data in members.items()}


def _members(tar: tarfile.TarFile) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in tar:
        if not entry.isreg() or entry.issparse():
            raise BadInputError(f"it holds something that is no plain file: {entry.name[:80]!r}")
        if not _NAME.match(entry.name):
            raise BadInputError(f"it holds a file with a name that no backup has: {entry.name[:80]!r}")
        if entry.name in found:
            raise BadInputError(f"it holds a file twice: {entry.name!r}")
        if entry.size > MOST_BYTES or len(found) >= MOST_MEMBERS:
            raise BadInputError("it is larger than any backup")
        content = tar.extractfile(entry)
        found[entry.name] = content.read() if content is not None else b""
    return found


def _manifest(data: bytes) -> tuple[Head, object]:
    try:
        fields = loads(data.decode())
        if fields["format"] != FORMAT:
            raise BadInputError("a newer Keybound made this backup", hint="Restore it with that version.")
        texts = [fields[name] for name in Head._fields]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError
        return Head(*texts), fields["members"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInputError("its manifest is damaged") from None
