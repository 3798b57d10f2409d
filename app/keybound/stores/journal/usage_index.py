"""Who was released what, how often and when: an index of the journal, made from it and made anew whenever it does not fit.

Each month's file is read once, from where the last reading ended. Nothing is decided by it: a verdict never asks it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import NamedTuple

from keybound.domain.errors import UnavailableError
from keybound.domain.text.compact_json import loads
from keybound.domain.text.digests import sha256
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.journal.chain import month_files
from keybound.stores.regular_file import regular

_VERSION = 1
_SCHEMA = """
CREATE TABLE months (name TEXT PRIMARY KEY, read INTEGER NOT NULL, last INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
CREATE TABLE uses (
    token TEXT NOT NULL, day TEXT NOT NULL, way TEXT NOT NULL, program TEXT NOT NULL, folder TEXT NOT NULL,
    count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    PRIMARY KEY (token, day, way, program, folder)
) STRICT, WITHOUT ROWID;
"""
_ADD = """
INSERT INTO uses VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE
SET count = count + excluded.count, first = min(first, excluded.first), last = max(last, excluded.last)
"""
_RELEASED = f'"{EventKind.RELEASED}"'.encode()
_PIECE = 1 << 20  # bytes read at once
_Key = tuple[str, str, str, str, str]
_Seen = tuple[int, str, str]


class Use(NamedTuple):
    """Releases of one token by one way to one program in one folder. ``days``: on how many; times are ISO 8601 in UTC."""

    token: str
    way: str
    program: str
    folder: str
    times: int
    first: str
    last: str
    days: int


class UsageIndex:
    """The index at ``path`` of the journal in ``folder``. Where no file can be written it is made in memory."""

    def __init__(self, path: str, folder: str) -> None:
        self._path, self._folder = path, folder
        self._connection: sqlite3.Connection | None = None

    def uses(self, token: str | None = None, since: str = "") -> list[Use]:
        """What there was since a day (``2026-11-28``), of one token or of all, most used first. Raises UnavailableError."""
        query = (
            "SELECT token, way, program, folder, sum(count), min(first), max(last), count(DISTINCT day) FROM uses "
            "WHERE day >= ? AND (? IS NULL OR token = ?) GROUP BY token, way, program, folder ORDER BY 5 DESC, 7 DESC"
        )
        if token is not None:  # a plan that looks up this token alone
            query = query.replace("(? IS NULL OR token = ?)", "? IS NOT NULL AND token = ?")
        with self._current() as connection:
            return [Use(*row) for row in connection.execute(query, (since, token, token))]

    def programs(self, token: str | None = None) -> list[Use]:
        """The same by program alone, whatever way and folder, of all time. Raises UnavailableError."""
        query = (
            "SELECT token, program, sum(count), min(first), max(last), count(DISTINCT day) FROM uses "
            "WHERE ? IS NULL OR token = ? GROUP BY token, program"
        )
        with self._current() as connection:
            rows = connection.execute(query, (token, token)).fetchall()
        return [Use(row[0], "", row[1], "", *row[2:]) for row in rows]

    def days(self, token: str, since: str = "") -> dict[str, int]:
        """How many releases there were on each day that had any, oldest first. Raises UnavailableError."""
        query = "SELECT day, sum(count) FROM uses WHERE token = ? AND day >= ? GROUP BY day ORDER BY day"
        with self._current() as connection:
            return dict(connection.execute(query, (token, since)).fetchall())

    def close(self) -> None:
        """Close the index."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __del__(self) -> None:
        self.close()

    @contextmanager
    def _current(self) -> Iterator[sqlite3.Connection]:
        """The index as the journal is now."""
        try:
            yield self._brought_up()
        except (sqlite3.Error, OSError) as fault:
            raise UnavailableError(f"the journal cannot be indexed: {fault}", where=self._folder) from None

    def _brought_up(self) -> sqlite3.Connection:
        for path in (self._path, self._path, ":memory:"):  # as it is, then made anew, then without a file
            try:
                connection = self._opened(path)
                _bring_up(connection, self._folder)
                return connection
            except (sqlite3.Error, UnicodeDecodeError):
                self.close()
                if path != ":memory:":
                    for ending in ("", "-journal"):
                        with suppress(OSError):
                            os.unlink(path + ending)
        raise sqlite3.OperationalError("no index can be made")

    def _opened(self, path: str) -> sqlite3.Connection:
        if self._connection is None:
            if path != ":memory:":
                with suppress(OSError):
                    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._connection = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA synchronous=OFF")  # it can be made anew
        return self._connection


def _bring_up(connection: sqlite3.Connection, folder: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION or not _fits(connection, folder):
            _empty(connection)
        for name in _months(folder):
            _read_on(connection, folder, name)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _empty(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE IF EXISTS months")
    connection.execute("DROP TABLE IF EXISTS uses")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version={_VERSION}")


def _months(folder: str) -> list[str]:
    try:
        return month_files(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _fits(connection: sqlite3.Connection, folder: str) -> bool:
    """Whether the journal is the one that was read: the last line that was read of each file stands where it stood."""
    rows = connection.execute("SELECT name, read, last, mark FROM months").fetchall()
    return all(_mark_at(os.path.join(folder, name), read, last) == mark for name, read, last, mark in rows)


def _mark_at(path: str, read: int, last: int) -> str:
    """What tells the line that ends at ``read`` and has ``last`` bytes."""
    try:
        with open(path, "rb", opener=regular) as file:
            file.seek(read - last)
            return _mark(file.read(last))
    except OSError:
        return ""


def _mark(line: bytes) -> str:
    return str(sha256(line).hexdigest())[:32]


def _read_on(connection: sqlite3.Connection, folder: str, name: str) -> None:
    """Take in what a month has more than was read, as far as its lines are whole."""
    path = os.path.join(folder, name)
    row = connection.execute("SELECT read FROM months WHERE name = ?", (name,)).fetchone()
    start = read = int(row[0]) if row else 0
    found: dict[_Key, _Seen] = {}
    last = b""
    with closing(open(path, "rb", opener=regular)) as file:
        file.seek(read)
        rest = b""
        while piece := file.read(_PIECE):
            whole, end, rest = (rest + piece).rpartition(b"\n")
            lines = whole.split(b"\n") if end else []
            for line in lines:
                _count(found, line)
            if end:
                read += len(whole) + 1
                last = lines[-1]
    if read > start:
        rows = sorted((*key, *values) for key, values in found.items())  # in the order of their key: half the time
        connection.executemany(_ADD, rows)
        connection.execute(
            "INSERT OR REPLACE INTO months VALUES (?,?,?,?)", (name, read, len(last) + 1, _mark(last + b"\n"))
        )


def _count(found: dict[_Key, _Seen], line: bytes) -> None:
    """Count a line, where it is a release; one that cannot be read is passed over."""
    if _RELEASED not in line:
        return
    try:
        event = loads(line.decode("ascii", "replace"))
        if event["kind"] != EventKind.RELEASED:
            return
        by, at = event["by"], event["at"]
        key = (
            event["id"],
            at[:10],
            str(event["detail"].get("way", "")),
            str(by.get("program", "")),
            str(by.get("cwd", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return
    seen = found.get(key)
    if seen is None:
        found[key] = (1, at, at)
    else:
        found[key] = (seen[0] + 1, min(seen[1], at), max(seen[2], at))
