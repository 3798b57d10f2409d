"""A profile file before and after: proved to be writable before anything else is changed."""

import os
from typing import NamedTuple

from keybound.domain.errors import UnavailableError
from keybound.domain.values.readings import Absent
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.profile_text import MARK, without_mark
from keybound.stores.atomic import Staged, stage, sync_dir
from keybound.stores.private_dir import make_private_dir


class TextChange(NamedTuple):
    """A profile file before and after; None: no such file."""

    path: str
    before: str | None
    after: str | None


class Prepared(NamedTuple):
    """A text that is ready to be put in place."""

    change: TextChange
    staged: Staged | None  # None: the file is to be removed

    def commit(self) -> None:
        """Put it in place. Raises UnavailableError, the file then being as it was."""
        if self.staged is not None:
            self.staged.commit()
            return
        try:
            os.unlink(self.change.path)
            sync_dir(os.path.dirname(self.change.path))
        except OSError as fault:
            raise _not_removable(self.change.path, fault.strerror or "") from None

    def discard(self) -> None:
        """Leave the file as it is."""
        if self.staged is not None:
            self.staged.discard()


def prepare(change: TextChange) -> Prepared:
    """Do what may fail of a text's change, without changing it. Raises UnavailableError where it cannot be made."""
    folder = os.path.dirname(change.path)
    if change.after is not None:
        make_private_dir(folder)
        return Prepared(change, stage(change.path, _encoded(change)))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _not_removable(change.path, "its folder is read-only")
    return Prepared(change, None)


def _encoded(change: TextChange) -> bytes:
    """The new text; a file that begins with a byte order mark keeps it."""
    text = without_mark(change.after or "")
    marked = change.after != text or (raw_text(change.path) or "").startswith(MARK)
    return f"{MARK if marked else ''}{text}".encode("utf-8", "surrogateescape")


def check_writable(*changes: TextChange) -> None:
    """Raise UnavailableError where one of these texts could not be written now: for an act of several changes."""
    for change in changes:
        prepare(change).discard()


def text_of(path: str) -> str | None:
    """A profile file's text, without a byte order mark; None: there is none."""
    text = raw_text(path)
    return None if text is None else without_mark(text)


def raw_text(path: str) -> str | None:
    """All that stands in a file; None: there is none."""
    content = open_once(path)
    if isinstance(content, Absent):
        return None
    return content.data.decode("utf-8", "surrogateescape") if isinstance(content, Content) else "\0"


def _not_removable(path: str, why: str) -> UnavailableError:
    return UnavailableError(f"cannot be removed: {why}", where=path)
