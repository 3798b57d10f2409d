"""The stamps of one shell: what it compares with builtins to learn that nothing has changed."""

import os
import time

from keybound.custody.context.paths import read_line
from keybound.domain.errors import BadInputError, UnavailableError
from keybound.shells.step import EnvUpdate, Link, Watched
from keybound.sources.files.links import Ways
from keybound.stores.private_dir import make_private_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LINK = "@"
SAID, ALERTED = "said", "alerted"  # files of notices that a shell was given
MOST = 600  # seconds to the next look in any case
_YOUNG_NS = 5 * 10**9  # one second, and a file server whose clock is a little behind


class Seen:
    """What a step rests on. ``mtimes``: every file with its time in ns, None where absent; ``ways``: the links to them.

    ``began_ns``: when the reading began.
    """

    __slots__ = ("began_ns", "mtimes", "ways")

    def __init__(self, mtimes: "Mapping[str, int | None]", ways: Ways, began_ns: int) -> None:
        self.mtimes, self.ways, self.began_ns = mtimes, ways, began_ns


def stamped(folder: str, answer: EnvUpdate, said: str, seen: Seen) -> tuple[EnvUpdate, str]:
    """The answer with the shell's markers, and what is said; without them it holds for this prompt alone."""
    try:
        files, links = make_markers(folder, seen, answer.seconds)
        return answer.but(files=files, links=links), said
    except UnavailableError as fault:
        words = f"{fault.what} ({fault.where}); the hook checks at every prompt instead"
        return answer.but(seconds=0), f"{said}; {words}" if said else words


def make_markers(folder: str, seen: Seen, seconds: int) -> tuple[tuple[Watched, ...], tuple[Link, ...]]:
    """One marker a file with exactly the mtime that was read; none for an absent file. Numbered in order from 0.

    And one a link on the way: a link to where that one led; none where it led nowhere.

    What was young when the reading began may have changed since within the same second.
    Also ``deadline``, for a shell without a clock, ``finer``, a nanosecond younger, for one that may compare seconds alone,
    and ``now``, which fish writes to and would make for everybody to read. Raises UnavailableError where they cannot be made.
    """
    try:
        make_private_dir(os.path.dirname(folder))
        make_private_dir(folder)
        for name in os.listdir(folder):
            if name.removesuffix(_LINK).isdigit():
                os.unlink(os.path.join(folder, name))
        deadline = time.time_ns() + seconds * 10**9
        _mark(os.path.join(folder, "deadline"), deadline)
        _mark(os.path.join(folder, "finer"), deadline + 1)
        _mark(os.path.join(folder, "now"), 0)
        files = tuple(
            _watched(os.path.join(folder, str(number)), seen, *one) for number, one in enumerate(seen.mtimes.items())
        )
        links = tuple(
            _link(os.path.join(folder, f"{number}{_LINK}"), seen.ways.end(path), path, text)
            for number, (path, text) in enumerate(list(seen.ways.links.items()))
        )
        return files, links
    except OSError as fault:
        raise UnavailableError(f"the hook's stamps cannot be made: {fault.strerror}", where=folder) from None


def fresh_notice(folder: str, notice: str, of: str = SAID) -> str:
    """The notice, where it is not the one that this shell was given last; else "". An empty one forgets the last.

    ``of``: SAID for what waits for its owner here, ALERTED for what is unseen anywhere.
    """
    path = os.path.join(folder, of)
    try:
        if not notice:
            os.unlink(path)
        elif read_line(folder, of) == notice:
            return ""
        else:
            _keep_notice(folder, path, notice)
    except (OSError, ValueError, BadInputError, UnavailableError):
        pass  # it is said again
    return notice


def _keep_notice(folder: str, path: str, notice: str) -> None:
    from keybound.stores.atomic import write_atomic

    make_private_dir(folder)
    write_atomic(path, notice.encode("utf-8", "surrogateescape"))


def _watched(mark: str, seen: Seen, path: str, mtime_ns: int | None) -> Watched:
    end = seen.ways.end(path)
    if mtime_ns is None:
        return Watched(path, "", end=end)
    _mark(mark, mtime_ns)
    return Watched(path, mark, mtime_ns, young=mtime_ns > seen.began_ns - _YOUNG_NS, end=end)


def _link(mark: str, end: str, path: str, text: str) -> Link:
    os.symlink(end, mark)
    return Link(path, text, mark if os.path.exists(mark) else "")


def _mark(path: str, mtime_ns: int) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    os.utime(path, ns=(mtime_ns, mtime_ns))


def sweep(folder: str) -> None:
    """Remove the stamps of shells that are gone."""
    for path in of_gone_shells(folder):
        import shutil

        shutil.rmtree(path, ignore_errors=True)


def of_gone_shells(folder: str) -> list[str]:
    """The stamps of shells that are gone."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    pids = ((name, name.partition("-")[0]) for name in names)
    return [os.path.join(folder, name) for name, pid in pids if pid.isdigit() and not _alive(int(pid))]


def any_shell(folder: str) -> bool:
    """Whether a shell is there that has stamps in ``folder``."""
    try:
        pids = [name.partition("-")[0] for name in os.listdir(folder)]
    except OSError:
        return False
    return any(pid.isdigit() and _alive(int(pid)) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
