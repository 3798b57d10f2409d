"""Replace the plain copy of what was taken by what its tool understands."""

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.imports import helpers
from keybound.custody.imports.copies import Copy, keep_copy
from keybound.custody.imports.preview import Candidate
from keybound.custody.imports.source import ImportSource
from keybound.domain.errors import RefusedError, UnavailableError
from keybound.domain.text.secret import expose_secret
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.formats.reading import decode
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.base import Taken
from keybound.sources.plain.reading import plain_secrets
from keybound.sources.plain.registry import get_plain_file
from keybound.stores.atomic import stage, sweep

_BOM = b"\xef\xbb\xbf"


class Replacement(NamedTuple):
    """What became of the file at ``path``. ``notes``: what else was made or is to do; ``why``: it was not replaced, or ""."""

    path: str
    notes: tuple[str, ...] = ()
    why: str = ""


def replace_all(context: Context, taken: Sequence[Candidate], command: Sequence[str]) -> list[Replacement]:
    """Replace what was taken in every file that it came from. ``command``: the words that start Keybound."""
    found = []
    for path in dict.fromkeys(one.source.path for one in taken if one.source.path):
        mine = [one for one in taken if one.source.path == path]
        try:
            found.append(Replacement(path, tuple(replace(context, mine[0].source, mine, command))))
        except (RefusedError, UnavailableError) as fault:
            found.append(Replacement(path, why=fault.what))
    return found


def replace(context: Context, source: ImportSource, taken: Sequence[Candidate], command: Sequence[str]) -> list[str]:
    """Write the file without these secrets, after an encrypted copy of it is kept; return what was made beside it, in lines.

    ``command``: the words that start Keybound. Raises RefusedError where it cannot be, UnavailableError; the file is then as
    it was.
    """
    without = get_plain_file(source.kind).without if source.path else None
    if without is None:
        raise RefusedError(
            f"a {source.kind} source cannot be replaced", where=source.label, hint="Its tool reads no variable."
        )
    content = _unchanged(source)
    rows = helpers.rows(source.kind, taken, command)
    before = decode(content.data)
    try:
        after = without(before, rows)
    except ValueError:  # a JSON file with comments, say
        raise _unsafe(source) from None
    _check(source, rows, before, after)
    data = (_BOM if content.data.startswith(_BOM) else b"") + after.encode()
    steps = helpers.steps(context, source.kind, taken, command)
    copy = Copy(os.path.realpath(source.path), content.data, content.mode, sha256(data).hexdigest(), steps)
    sweep(os.path.dirname(copy.path))
    kept = keep_copy(context, copy)
    try:
        said = helpers.make(steps)
        staged = stage(source.path, data)
        try:
            _unchanged(source)  # its tool may write it at any time: looked at once more, a rename before the end
        except BaseException:
            staged.discard()
            raise
        staged.commit()
    except BaseException:
        now = open_once(source.path)
        if not (
            isinstance(now, Content) and now.data == data
        ):  # else it came after the rename: what was made is needed
            helpers.take_away(steps)
            os.unlink(kept)
        raise
    return said


def _unchanged(source: ImportSource) -> Content:
    """The file, as it was when it was shown. Raises RefusedError."""
    content = open_once(source.path)
    if not isinstance(content, Content) or sha256(content.data).hexdigest() != source.digest:
        raise RefusedError(
            "it was changed meanwhile", where=source.path, hint="It was not replaced. Run the import again."
        )
    return content


def _check(source: ImportSource, rows: Sequence[Taken], before: str, after: str) -> None:
    """What was taken is gone, and all else stands as it did. Raises RefusedError."""
    gone = {one.found.keys for one in rows}
    expected = [one.secret for one, _ in source.secrets if one.keys not in gone]
    try:
        found = plain_secrets(source.kind, source.path, after.encode()) if after.strip() else []
    except ParseError:
        raise _unsafe(source) from None
    if [one.secret for one, _ in found] != expected or any(_still_there(one, before, after) for one in rows):
        raise _unsafe(source)


def _still_there(one: Taken, before: str, after: str) -> bool:
    """Whether the secret stands in the text as often as before: folded over lines, say, or behind an anchor."""
    text = expose_secret(one.found.written or one.found.secret).decode()
    return 0 < before.count(text) <= after.count(text)


def _unsafe(source: ImportSource) -> RefusedError:
    return RefusedError(
        "it cannot be rewritten safely", where=source.path, hint="It was not replaced; remove the tokens by hand."
    )
