"""The alerts that the state keeps: what was found and when, whether it still holds, who was told of it."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from keybound.stores.state import StateDb

_COLUMNS = "id, at, kind, about, message, stands, delivered, seen"
_MOST = 1000  # alerts that are kept, once their owner has seen them


class Alert(NamedTuple):
    """One alert. ``at`` is ISO 8601 in UTC; ``about``: a token's or a profile's id, or a file.

    ``stands``: it still holds; ``delivered``: every channel that wants it has it; ``seen``: by its owner.
    """

    id: int
    at: str
    kind: str
    about: str
    message: str
    stands: bool
    delivered: bool
    seen: bool


class NewAlert(NamedTuple):
    """An alert that is to be kept. ``stands``: until it is over; ``delivered``: no channel wants it."""

    at: str
    kind: str
    about: str
    message: str
    stands: bool
    delivered: bool


class ChannelRecord(NamedTuple):
    """How a channel did. ``last``: when it was last tried, in epoch seconds; ``gap``: seconds until it may be used again.

    ``failures``: in a row; ``fault``: the last one, "" for none.
    """

    last: float = 0.0
    gap: float = 0.0
    failures: int = 0
    fault: str = ""


class AlertTable:
    """The alerts in a state. Every method raises UnavailableError."""

    def __init__(self, state: StateDb) -> None:
        self._state = state

    def standing(self, about: Collection[str]) -> dict[tuple[str, str], str]:
        """The messages that stand, by what they are about and their kind."""
        marks = ",".join("?" * len(about))
        query = f"SELECT about, kind, message FROM alerts WHERE stands AND about IN ({marks})"  # noqa: S608
        with self._state.together() as cursor:
            return {(row[0], row[1]): row[2] for row in cursor.execute(query, list(about))}

    def about(self, kind: str) -> list[str]:
        """What alerts of a kind that stand are about."""
        with self._state.together() as cursor:
            return [row[0] for row in cursor.execute("SELECT about FROM alerts WHERE stands AND kind = ?", (kind,))]

    def put(self, alerts: Iterable[NewAlert]) -> None:
        """Keep new alerts."""
        rows = [(*one[:4], int(one.stands), int(one.delivered)) for one in alerts]
        with self._state.together() as cursor:
            cursor.executemany(
                "INSERT INTO alerts (at, kind, about, message, stands, delivered) VALUES (?,?,?,?,?,?)", rows
            )
            cursor.execute(
                "DELETE FROM alerts WHERE seen AND delivered AND NOT stands AND id <= (SELECT max(id) FROM alerts) - ?",
                (_MOST,),
            )

    def end(self, over: Iterable[tuple[str, str]]) -> None:
        """What is over: (about, kind)."""
        with self._state.together() as cursor:
            cursor.executemany("UPDATE alerts SET stands = 0 WHERE stands AND about = ? AND kind = ?", list(over))

    def newest(self, limit: int) -> list[Alert]:
        """The newest alerts, newest first."""
        return self._read(f"SELECT {_COLUMNS} FROM alerts ORDER BY id DESC LIMIT ?", (limit,))  # noqa: S608

    def unseen(self) -> list[Alert]:
        """What its owner has not seen, oldest first."""
        return self._read(f"SELECT {_COLUMNS} FROM alerts WHERE NOT seen ORDER BY id", ())  # noqa: S608

    def undelivered(self) -> list[Alert]:
        """What a channel may still want, oldest first."""
        return self._read(f"SELECT {_COLUMNS} FROM alerts WHERE NOT delivered ORDER BY id", ())  # noqa: S608

    def mark_seen(self, ids: Iterable[int]) -> None:
        """Their owner has seen these."""
        with self._state.together() as cursor:
            cursor.executemany("UPDATE alerts SET seen = 1 WHERE id = ?", [(one,) for one in ids])

    def mark_delivered(self, ids: Iterable[int]) -> None:
        """Nobody waits for these any more."""
        rows = [(one,) for one in ids]
        with self._state.together() as cursor:
            cursor.executemany("UPDATE alerts SET delivered = 1 WHERE id = ?", rows)
            cursor.executemany("DELETE FROM alerts_sent WHERE alert = ?", rows)

    def sent(self) -> set[tuple[int, str]]:
        """Which channels have which of the alerts that others wait for."""
        with self._state.together() as cursor:
            return {(row[0], row[1]) for row in cursor.execute("SELECT alert, channel FROM alerts_sent")}

    def mark_sent(self, channel: str, ids: Iterable[int], record: ChannelRecord) -> None:
        """A channel has these, and did so."""
        with self._state.together() as cursor:
            cursor.executemany("INSERT OR IGNORE INTO alerts_sent VALUES (?,?)", [(one, channel) for one in ids])
            self.put_record(channel, record)

    def records(self) -> dict[str, ChannelRecord]:
        """How each channel did that was ever used."""
        with self._state.together() as cursor:
            rows = cursor.execute("SELECT channel, last, gap, failures, fault FROM alert_channels")
            return {row[0]: ChannelRecord(*row[1:]) for row in rows}

    def put_record(self, channel: str, record: ChannelRecord) -> None:
        """Keep how a channel did."""
        with self._state.together() as cursor:
            cursor.execute("INSERT OR REPLACE INTO alert_channels VALUES (?,?,?,?,?)", (channel, *record))

    def _read(self, query: str, values: Sequence[int]) -> list[Alert]:
        with self._state.together() as cursor:
            return [Alert(*row[:5], *map(bool, row[5:])) for row in cursor.execute(query, values)]
