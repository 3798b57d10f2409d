"""Files that are the old one or the new one, whole, whenever the power goes."""

import errno
import os
import stat
import time
from contextlib import suppress

from keybound.domain.errors import UnavailableError

_MARK = ".keybound-"
_TAIL = ".tmp"


class Staged:
    """A file's next content, durable beside it: only a rename away from being the file."""

    def __init__(self, path: str, target: str, temporary: str) -> None:
        self._path = path
        self._target = target
        self._temporary = temporary

    def commit(self) -> None:
        """Make it the file, durably; raise UnavailableError, the old file then being whole."""
        try:
            try:
                os.replace(self._temporary, self._target)
            except BaseException:
                self.discard()
                raise
            sync_dir(os.path.dirname(self._target))
        except OSError as fault:
            raise _unwritable(fault, self._path) from None

    def discard(self) -> None:
        """Leave the file as it is."""
        _remove(self._temporary)


def stage(path: str, data: bytes, mode: int = 0o600) -> Staged:
    """Write ``data`` beside the file at ``path``; raise UnavailableError where that cannot be done.

    An existing file keeps its mode, owner and group; a link stays a link, its target is replaced. A link to anything but a
    file is not followed, and no device is replaced: root could.
    """
    target = os.path.realpath(path)
    try:
        before = _status(target)
        if before is not None and not _may_be_replaced(path, before.st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        return Staged(path, target, _written(os.path.dirname(target), data, mode, before))
    except OSError as fault:
        raise _unwritable(fault, path) from None


def write_atomic(path: str, data: bytes, mode: int = 0o600) -> None:
    """Replace the file at ``path`` by ``data``, durably; raise UnavailableError, the old file then being whole."""
    stage(path, data, mode).commit()


def _unwritable(fault: OSError, path: str) -> UnavailableError:
    return UnavailableError(f"cannot be written: {fault.strerror}", where=path)


def create_atomic(path: str, data: bytes, mode: int = 0o600) -> bool:
    """Make the file at ``path``, durably; False, and nothing written, where there is one already."""
    folder = os.path.dirname(path)
    try:
        temporary = _written(folder, data, mode)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        finally:
            _remove(temporary)
        sync_dir(folder)
    except OSError as fault:
        raise UnavailableError(f"cannot be created: {fault.strerror}", where=path) from None
    return True


def sweep(folder: str, older_than: float = 60.0) -> int:
    """Remove the temporary files that killed writers left in ``folder``; return how many."""
    removed = 0
    for path in left_behind(folder, older_than):
        with suppress(OSError):
            os.unlink(path)
            removed += 1
    return removed


def left_behind(folder: str, older_than: float = 60.0) -> list[str]:
    """The temporary files that killed writers left in ``folder``.

    One is left alone while its writer lives, or for ``older_than`` seconds (a writer in another container has
    a process id that means nothing here).
    """
    found: list[str] = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(_MARK) and entry.name.endswith(_TAIL) and _is_left(entry, older_than):
                found.append(entry.path)
    return found


def _is_left(entry: "os.DirEntry[str]", older_than: float) -> bool:
    writer = entry.name[len(_MARK) :].partition("-")[0]
    try:
        age = time.time() - entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return False
    return age >= older_than and not (writer.isdigit() and _alive(int(writer)))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _may_be_replaced(path: str, mode: int) -> bool:
    return stat.S_ISREG(mode) or not (stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or os.path.islink(path))


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _take_over(descriptor: int, before: os.stat_result) -> None:
    """Mode, owner and group of the file that is replaced; a group that cannot be given loses what it may do."""
    mode, now = before.st_mode & 0o7777, os.fstat(descriptor)
    if (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
        try:
            os.fchown(descriptor, before.st_uid if now.st_uid == 0 else -1, before.st_gid)
        except OSError:
            mode &= ~0o2070
    os.fchmod(descriptor, mode)


def _written(folder: str, data: bytes, mode: int, before: os.stat_result | None = None) -> str:
    path = os.path.join(folder, f"{_MARK}{os.getpid()}-{os.urandom(6).hex()}{_TAIL}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "wb") as file:
            if before is None:
                os.fchmod(file.fileno(), mode)
            else:
                _take_over(file.fileno(), before)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        _remove(path)
        raise
    return path


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def sync_dir(folder: str) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
