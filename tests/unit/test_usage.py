"""The index of releases: what the journal says, read once, made anew whenever it does not fit; and what is unlike before."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.application.usage import alert_unusual, unusual, usage
from keybound.custody.context.context import Context
from keybound.domain.errors import NotFoundError
from keybound.domain.values.event_kinds import EventKind
from keybound.stores.alert_table import AlertTable
from keybound.stores.journal import usage_index
from keybound.stores.journal.journal import Draft, Journal
from keybound.stores.journal.usage_index import UsageIndex

BEGAN = datetime(2026, 1, 30, 12, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(str(tmp_path / "journal"))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[UsageIndex]:
    index = UsageIndex(str(tmp_path / "usage.db"), str(tmp_path / "journal"))
    yield index
    index.close()


def release(
    journal: Journal, token: str, program: str, at: datetime = BEGAN, folder: str = "/w", way: str = "exec"
) -> None:
    journal.append([Draft(EventKind.RELEASED, token, {"program": program, "cwd": folder}, {"way": way})], at)


def counts(index: UsageIndex, token: str | None = None, since: str = "") -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for use in index.uses(token, since):
        found[use.token, use.program] += use.times
    return dict(found)


def parsed(index: UsageIndex) -> int:
    """How many lines one look reads."""
    with patch.object(usage_index, "_count", wraps=usage_index._count) as counted:
        index.uses()
    return counted.call_count


def test_releases_are_counted_over_the_months(journal: Journal, index: UsageIndex) -> None:
    for day in range(4):
        release(journal, "p/a", "/bin/x", BEGAN + timedelta(days=day))
    release(journal, "p/a", "/bin/y", BEGAN + timedelta(days=4), folder="/v", way="shell")
    journal.append([Draft(EventKind.APPROVED, "p/a", {"program": "/bin/x"}, {})], BEGAN + timedelta(days=5))
    first, second = index.uses("p/a")
    assert first == (
        "p/a",
        "exec",
        "/bin/x",
        "/w",
        4,
        "2026-01-30T12:00:00.000+00:00",
        "2026-02-02T12:00:00.000+00:00",
        4,
    )
    assert second[:5] == ("p/a", "shell", "/bin/y", "/v", 1)
    assert index.days("p/a") == dict.fromkeys(["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02", "2026-02-03"], 1)
    assert counts(index, since="2026-02-02") == {("p/a", "/bin/x"): 1, ("p/a", "/bin/y"): 1}
    assert index.uses("p/b") == []


def test_what_was_read_is_not_read_again(journal: Journal, index: UsageIndex, tmp_path: Path) -> None:
    for _ in range(50):
        release(journal, "p/a", "/bin/x")
    assert parsed(index) == 50
    assert parsed(index) == 0
    for _ in range(3):
        release(journal, "p/a", "/bin/x", BEGAN + timedelta(days=40))
    other = UsageIndex(str(tmp_path / "usage.db"), str(tmp_path / "journal"))
    with closing(other):
        assert parsed(other) == 3
    assert counts(index) == {("p/a", "/bin/x"): 53}


def test_an_unfinished_line_waits_for_its_end(journal: Journal, index: UsageIndex, tmp_path: Path) -> None:
    release(journal, "p/a", "/bin/x")
    release(journal, "p/a", "/bin/x")
    (path,) = (tmp_path / "journal").glob("*.jsonl")
    whole = path.read_bytes()
    for size in (len(whole) - 1, len(whole) - 100):
        path.write_bytes(whole[:size])
        assert counts(index) == {("p/a", "/bin/x"): 1}
        path.write_bytes(whole)
        assert counts(index) == {("p/a", "/bin/x"): 2}
        (tmp_path / "usage.db").unlink()
        index.close()


@pytest.mark.parametrize("other", ["shorter", "changed", "gone", "another"])
def test_another_journal_is_read_anew(journal: Journal, index: UsageIndex, tmp_path: Path, other: str) -> None:
    for month in range(3):
        release(journal, "p/a", "/bin/x", BEGAN + timedelta(days=31 * month))
    assert counts(index) == {("p/a", "/bin/x"): 3}
    path = sorted((tmp_path / "journal").glob("*.jsonl"))[0]
    if other == "shorter":
        path.write_text("")
    elif other == "changed":
        path.write_text(path.read_text().replace("/bin/x", "/bin/z"))
    elif other == "gone":
        path.unlink()
    else:
        for each in (tmp_path / "journal").glob("*.jsonl"):
            each.unlink()
        release(journal, "p/b", "/bin/y", BEGAN + timedelta(days=31))
    fresh = UsageIndex(":memory:", str(tmp_path / "journal"))
    with closing(fresh):
        assert counts(index) == counts(fresh)
    assert sum(counts(index).values()) == {"shorter": 2, "changed": 3, "gone": 2, "another": 1}[other]


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_index_is_made_anew(journal: Journal, index: UsageIndex, tmp_path: Path, damage: bytes) -> None:
    release(journal, "p/a", "/bin/x")
    assert counts(index) == {("p/a", "/bin/x"): 1}
    index.close()
    (tmp_path / "usage.db").write_bytes(damage)
    assert counts(index) == {("p/a", "/bin/x"): 1}
    with closing(sqlite3.connect(tmp_path / "usage.db")) as kept:
        assert kept.execute("SELECT count(*) FROM uses").fetchone() == (1,)


def test_where_no_file_can_be_made_it_is_made_in_memory(journal: Journal, tmp_path: Path) -> None:
    release(journal, "p/a", "/bin/x")
    with closing(UsageIndex("/proc/none/usage.db", str(tmp_path / "journal"))) as index:
        assert counts(index) == {("p/a", "/bin/x"): 1}


def test_lines_that_cannot_be_read_are_passed_over(journal: Journal, index: UsageIndex, tmp_path: Path) -> None:
    release(journal, "p/a", "/bin/x")
    (path,) = (tmp_path / "journal").glob("*.jsonl")
    line = path.read_text()
    bad = '{"kind":"released"}\n"released"\n["released"]\n{"x": {"released": \n\n{"note":"released","kind":"grace"}\n'
    path.write_text(line + bad + line)
    assert counts(index) == {("p/a", "/bin/x"): 2}


def test_an_index_is_its_owners_alone(journal: Journal, index: UsageIndex, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        release(journal, "p/a", "/bin/x")
        index.uses()
    finally:
        os.umask(old)
    assert (tmp_path / "usage.db").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Iterator[Context]:
    context = Context(environ, str(tmp_path))
    Path(context.home.profiles).mkdir(parents=True)
    Path(context.home.profile_path("p")).write_text('[tokens.a]\nenv = "A"\n[tokens.b]\nenv = "B"\n')
    yield context
    context.state.close()


def test_every_token_is_told_of_also_one_that_was_never_released(context: Context) -> None:
    release(context.journal, "p/a", "/bin/x")
    assert [(one.id, one.times, one.last[:10]) for one in usage(context)] == [("p/a", 1, "2026-01-30"), ("p/b", 0, "")]
    release(context.journal, "q/gone", "/bin/x")
    assert [one.times for one in usage(context, "q/gone")] == [1]
    assert [one.times for one in usage(context, "q/gone", "2027-01-01")] == [0]
    with pytest.raises(NotFoundError):
        usage(context, "q/none")


def test_a_program_that_comes_late_is_unusual_until_it_stays(context: Context) -> None:
    day = timedelta(days=1)
    release(context.journal, "p/a", "/bin/x")
    release(context.journal, "p/a", "/bin/early", BEGAN + 6 * day)
    release(context.journal, "p/a", "/bin/late", BEGAN + 7 * day)
    release(context.journal, "p/a", "/bin/late", BEGAN + 7 * day, folder="/other")
    release(context.journal, "p/b", "/bin/late", BEGAN + 7 * day)
    assert [set(one.unusual) for one in usage(context)] == [{"/bin/late"}, set()]

    assert unusual(context) == {}
    alert_unusual(context)
    assert AlertTable(context.state).unseen() == []
    Path(context.home.settings).write_text('[usage]\nunusual = "warn"\n')
    for _ in range(2):
        alert_unusual(context)
    (alert,) = AlertTable(context.state).unseen()
    assert (alert.kind, alert.about, alert.message) == ("unusual", "p/a", "/bin/late first got it on 2026-02-06")

    for later in (8, 9):
        release(context.journal, "p/a", "/bin/late", BEGAN + later * day)
    assert [set(one.unusual) for one in usage(context)] == [set(), set()]
    alert_unusual(context)
    assert not AlertTable(context.state).unseen()[0].stands
