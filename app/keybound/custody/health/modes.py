"""Whether what is private can be read by its owner alone, and what decides be written by its owner alone."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress

from keybound.custody.context.context import Context
from keybound.custody.context.home import Home
from keybound.custody.health.finding import Finding, fail, ok
from keybound.domain.text.counts import plural

_MOST = 20_000  # entries that are looked at in one tree
_NAMED = 3  # paths that a message names
_PRIVATE, _WRITABLE = 0o077, 0o022
Wide = dict[str, int]  # path → the mode that it should have


def modes(context: Context) -> list[Finding]:
    """Data and state are private; nobody else may write what stands in the configuration folder."""
    readable, foreign = _wide([context.home.data, context.home.state], _private)
    writable, also_foreign = _wide([*_deciding(context.home)], _only_mine)
    faults = [
        *_said(readable, "can be read or changed by others", "chmod go-rwx"),
        *_said(writable, "can be changed by others, and decides what is released", "chmod go-w"),
        *_foreign([*foreign, *also_foreign]),
    ]
    return faults or [ok("only you can read what is private, and change what decides")]


def _said(wide: Wide, what: str, command: str) -> Iterator[Finding]:
    if wide:
        yield fail(f"{_named(list(wide))} {what}", f"Run: keybound doctor --fix (or {command})", lambda: _narrow(wide))


def _foreign(paths: list[str]) -> Iterator[Finding]:
    if paths:
        verb = "belongs" if len(paths) == 1 else "belong"
        yield fail(f"{_named(paths)} {verb} to another user", f"Take it over: sudo chown $(id -u) {paths[0]}")


def _named(paths: list[str]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(sorted(paths)[:_NAMED]) + (f" and {plural(more, 'other')}" if more > 0 else "")


def _narrow(wide: Wide) -> str:
    for path, mode in wide.items():
        with suppress(FileNotFoundError):
            if not os.path.islink(path):
                os.chmod(path, mode)
    return f"{_named(list(wide))}: made your own alone"


def _deciding(home: Home) -> Iterator[str]:
    yield from (home.settings, home.policy)
    yield home.profiles


def _private(found: os.stat_result) -> int:
    """The mode it should have."""
    return stat.S_IMODE(found.st_mode) & ~_PRIVATE


def _only_mine(found: os.stat_result) -> int:
    """Likewise; a group that is one's own alone, as most systems make it, may write."""
    mode = stat.S_IMODE(found.st_mode)
    own_group = found.st_gid == os.getgid() and found.st_gid == os.getuid()
    return mode & ~(0o002 if own_group else _WRITABLE)


def _wide(tops: list[str], wanted: Callable[[os.stat_result], int]) -> tuple[Wide, list[str]]:
    wide: Wide = {}
    foreign: list[str] = []
    for path in _entries(tops):
        with suppress(FileNotFoundError, NotADirectoryError):
            found = os.lstat(path)
            if stat.S_ISLNK(found.st_mode):
                continue
            if found.st_uid != os.geteuid():
                foreign.append(path)
            elif stat.S_IMODE(found.st_mode) != wanted(found):
                wide[path] = wanted(found)
    return wide, foreign


def _entries(tops: list[str]) -> Iterator[str]:
    count = 0
    for top in tops:
        yield top
        for place, folders, files in os.walk(top):
            for name in (*folders, *files):
                count += 1
                if count > _MOST:
                    return
                yield os.path.join(place, name)
