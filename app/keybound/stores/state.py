"""What is remembered beside the envelopes: last epochs, sealed texts, pending expiries. SQLite in WAL mode."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from keybound.domain.errors import UnavailableError
from keybound.domain.text.compact_json import dumps, loads

VERSION = 4
_SCHEMA = """
CREATE TABLE IF NOT EXISTS known (
    id TEXT PRIMARY KEY, incarnation TEXT NOT NULL, epoch INTEGER NOT NULL, removed INTEGER NOT NULL,
    sealed_text TEXT NOT NULL, pending TEXT NOT NULL, verdict TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS scopes (id TEXT PRIMARY KEY, scopes TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, message TEXT NOT NULL,
    stands INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS alerts_that_stand ON alerts (about) WHERE stands;
CREATE INDEX IF NOT EXISTS alerts_unseen ON alerts (id) WHERE NOT seen;
CREATE TABLE IF NOT EXISTS alerts_sent (alert INTEGER NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (alert, channel)) STRICT;
CREATE TABLE IF NOT EXISTS alert_channels (
    channel TEXT PRIMARY KEY, last REAL NOT NULL, gap REAL NOT NULL, failures INTEGER NOT NULL, fault TEXT NOT NULL
) STRICT;
"""


_ADOPT = """
INSERT INTO known VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE
SET epoch = excluded.epoch, sealed_text = excluded.sealed_text
WHERE incarnation = excluded.incarnation AND epoch < excluded.epoch AND NOT removed
"""


class Known(NamedTuple):
    """One row: a token ("profile/name") or a profile's own seal ("profile")."""

    id: str
    incarnation: str
    epoch: int
    removed: bool
    sealed_text: str
    pending: str
    verdict: str


class StateDb:
    """The state at ``path``, opened at first use. ``restarted``: a broken one was set aside."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._together: sqlite3.Cursor | None = None
        self.restarted = False

    def known(self, ids: Sequence[str] | None = None) -> dict[str, Known]:
        """Rows by id: those asked for, or all."""
        with self._cursor() as cursor:
            if ids is None:
                rows = cursor.execute("SELECT * FROM known").fetchall()
            else:
                marks = ",".join("?" * len(ids))
                rows = cursor.execute(f"SELECT * FROM known WHERE id IN ({marks})", list(ids)).fetchall()  # noqa: S608
        return {row[0]: Known(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in rows}

    def put_all(self, rows: Iterable[Known]) -> None:
        """Write rows in one transaction."""
        with self._cursor() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO known VALUES (?,?,?,?,?,?,?)", list(rows))

    def adopt(self, rows: Iterable[Known]) -> None:
        """Take rows over where there is none for that id, or an older epoch of the same incarnation."""
        with self._cursor() as cursor:
            cursor.executemany(_ADOPT, list(rows))

    def set_pending(self, id_: str, why: str) -> None:
        """Keep an expiry that could not be written into its envelope yet; the first one found stays."""
        with self._cursor() as cursor:
            cursor.execute("UPDATE known SET pending = ? WHERE id = ? AND pending = ''", (why, id_))

    def set_verdicts(self, verdicts: Iterable[tuple[str, str]]) -> None:
        """Keep the last known state of tokens: (state, id)."""
        with self._cursor() as cursor:
            cursor.executemany(
                "UPDATE known SET verdict = ? WHERE id = ? AND verdict <> ?", [(v, i, v) for v, i in verdicts]
            )

    def scopes(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The scopes that tokens had when somebody last looked."""
        marks = ",".join("?" * len(ids))
        with self._cursor() as cursor:
            rows = cursor.execute(f"SELECT id, scopes FROM scopes WHERE id IN ({marks})", list(ids)).fetchall()  # noqa: S608
        return {id_: frozenset(loads(text)) for id_, text in rows}

    def set_scopes(self, scopes: Mapping[str, frozenset[str]]) -> None:
        """Remember the scopes of tokens."""
        rows = [(id_, dumps(sorted(one))) for id_, one in scopes.items()]
        with self._cursor() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO scopes VALUES (?,?)", rows)

    def unseen_alerts(self) -> int:
        """How many alerts their owner has not seen."""
        with self._cursor() as cursor:
            return int(cursor.execute("SELECT count(*) FROM alerts WHERE NOT seen").fetchone()[0])

    def get_meta(self, key: str) -> str | None:
        """A single remembered value."""
        with self._cursor() as cursor:
            row = cursor.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Remember a single value."""
        with self._cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    def __del__(self) -> None:
        self.close()  # from Python 3.13 on a connection that is dropped open is warned of

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def together(self) -> Iterator[sqlite3.Cursor]:
        """What is written while it lasts, by whichever method, is written in one transaction, or nothing of it is."""
        with self._cursor() as cursor:
            outermost = self._together is None
            self._together = cursor
            try:
                yield cursor
            finally:
                if outermost:
                    self._together = None

    @contextmanager
    def _cursor(self) -> Iterator[sqlite3.Cursor]:
        if self._together is not None:
            yield self._together
            return
        try:
            connection = self._opened()
            with connection:
                yield connection.cursor()
        except (sqlite3.Error, OSError, UnicodeDecodeError) as fault:  # the last: damaged names in SQLite's own message
            why = fault.strerror if isinstance(fault, OSError) else fault
            hint = "Check that the disk is not full and that this file is writable."
            raise UnavailableError(f"the state cannot be used: {why}", where=self._path, hint=hint) from None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _connect(self._path)
            except sqlite3.OperationalError:
                raise
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                _set_aside(self._path)
                self.restarted = True
                self._connection = _connect(self._path)
        return self._connection


def _connect(path: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            connection.execute("PRAGMA journal_mode=WAL")
            if version in (1, 2):
                connection.execute("ALTER TABLE known DROP COLUMN last_released")  # it is an index of its own now
            connection.executescript(_SCHEMA)
            connection.execute(f"PRAGMA user_version={VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(path: str) -> None:
    number = 1
    while os.path.exists(f"{path}.broken-{number}"):
        number += 1
    os.rename(path, f"{path}.broken-{number}")
    for ending in ("-wal", "-shm"):
        if os.path.exists(path + ending):
            os.rename(path + ending, f"{path}.broken-{number}{ending}")
