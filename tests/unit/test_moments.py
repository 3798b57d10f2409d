"""When a token ends: with a zone, in local time, or a day alone."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from keybound.domain.values.moments import end_moment, is_local, moment_words
from keybound.domain.values.readings import Value

PACIFIC = timezone(timedelta(hours=-8))


@pytest.fixture(autouse=True)
def in_los_angeles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("written", "moment", "local"),
    [
        (datetime(2027, 1, 31, 18, tzinfo=UTC), datetime(2027, 1, 31, 18, tzinfo=UTC), False),
        (datetime(2027, 1, 31, 18), datetime(2027, 1, 31, 18, tzinfo=PACIFIC), True),
        (date(2027, 1, 31), datetime(2027, 1, 31, 23, 59, 59, tzinfo=PACIFIC), True),
        (date(2027, 7, 31), datetime(2027, 8, 1, 6, 59, 59, tzinfo=UTC), True),
        ("2027-01-31", None, False),
        (20270131, None, False),
    ],
)
def test_what_expires_means(written: Value, moment: datetime | None, local: bool) -> None:
    assert end_moment(written) == moment
    assert is_local(written) is local


def test_a_moment_says_its_offset() -> None:
    assert moment_words(datetime(2027, 1, 31, 23, 59, tzinfo=PACIFIC)) == "2027-01-31 23:59 -08:00"
    assert moment_words(datetime(2027, 1, 31, 23, 59, tzinfo=UTC)) == "2027-01-31 23:59 UTC"
