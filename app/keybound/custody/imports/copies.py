"""The file as it was before an import replaced it: kept encrypted, to a key that lies in the store; and brought back."""

import json
import os
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.text.secret import Secret
from keybound.sources.files.open_file import Content, open_once
from keybound.stores.age.age_sealing import new_identity
from keybound.stores.age.sealed_copy import open_bytes, seal_bytes
from keybound.stores.atomic import write_atomic
from keybound.stores.base import Foreign, Item
from keybound.stores.private_dir import make_private_dir

KEY = Item("keybound", None, "import key")
_FOLDER = "imports"


class Copy(NamedTuple):
    """``data`` and ``mode`` of the file at ``path``; ``after``: the digest of what it became; ``steps``: what else was made."""

    path: str
    data: bytes
    mode: int
    after: str
    steps: Sequence[Sequence[str]] = ()


def keep_copy(context: Context, copy: Copy) -> str:
    """Write it into the data folder; return its path. Raises UnavailableError."""
    folder = os.path.join(context.home.data, _FOLDER)
    make_private_dir(folder)
    head = {"path": copy.path, "mode": copy.mode, "after": copy.after, "steps": [list(step) for step in copy.steps]}
    sealed = seal_bytes(_key(context), json.dumps(head).encode() + b"\n" + copy.data)
    path = os.path.join(folder, f"{_name(copy.path)}-{time.time_ns()}.age")
    write_atomic(path, sealed)
    return path


def latest_copy(context: Context, path: str) -> tuple[str, Copy]:
    """The newest copy of the file at ``path``, and where it lies. Raises NotFoundError, UnavailableError."""
    folder = os.path.join(context.home.data, _FOLDER)
    prefix = f"{_name(path)}-"
    names = sorted(name for name in _entries(folder) if name.startswith(prefix))
    if not names:
        raise NotFoundError("no import has replaced this file", where=path)
    kept = os.path.join(folder, names[-1])
    content = open_once(kept)
    if not isinstance(content, Content):
        raise NotFoundError(content.why, where=kept)
    head, _, data = open_bytes(_key(context), content.data).partition(b"\n")
    fields = json.loads(head)
    return kept, Copy(fields["path"], data, fields["mode"], fields["after"], fields["steps"])


def bring_back(copy: Copy, *, changed_too: bool) -> None:
    """Make the file what it was. ``changed_too``: also where it was edited since.

    Raises RefusedError, UnavailableError; the file then is as it was found.
    """
    now = open_once(copy.path)
    edited = isinstance(now, Content) and now.data != copy.data and sha256(now.data).hexdigest() != copy.after
    if edited and not changed_too:
        raise RefusedError(
            "it was edited after the import",
            where=copy.path,
            hint="To lose these edits, add --yes. Nothing was changed.",
        )
    if isinstance(now, Content) and now.mode != copy.mode:
        os.chmod(copy.path, copy.mode)  # first: the file that is written takes its mode over
    write_atomic(copy.path, copy.data, copy.mode)


def forget(kept: str) -> None:
    """Remove a copy that was brought back."""
    os.unlink(kept)


def _key(context: Context) -> Secret:
    """The key of all copies, made at the first."""
    if found := _stored_key(context):
        return found
    with changing(context):
        if found := _stored_key(context):  # another import made it meanwhile: its copies open with no other
            return found
        key = new_identity()
        context.store.write(KEY, key)
    return key


def _stored_key(context: Context) -> Secret | None:
    found = context.store.read([KEY]).get(KEY)
    if isinstance(found, Foreign):
        raise NotFoundError("the key of the copies cannot be read", where=found.where)
    return found


def _name(path: str) -> str:
    return sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
