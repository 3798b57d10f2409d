"""The journal: any edit, removal or reorder before the last anchor is found; a crash's half line is cut and said."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keybound.domain.errors import UnavailableError
from keybound.stores.journal.journal import Anchor, Draft, Journal
from keybound.stores.journal.verify import verify

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)


def filled(folder: Path, count: int = 5) -> tuple[Journal, Anchor]:
    journal = Journal(str(folder))
    anchor = journal.anchor()
    for number in range(count):
        anchor = journal.append([Draft("released", f"p/t{number}", {"pid": 1}, {"way": "shell"})], NOW)
    return journal, anchor


def test_a_whole_chain_verifies_across_months(tmp_path: Path) -> None:
    journal, anchor = filled(tmp_path)
    later = journal.append([Draft("expired", "p/t", {}, {})], NOW + timedelta(days=40))
    assert [path.name for path in sorted(tmp_path.glob("*.jsonl"))] == ["2026-05.jsonl", "2026-06.jsonl"]
    report = verify(journal, str(tmp_path), [anchor])
    assert (report.ok, report.length, report.after_anchor) == (True, 6, 1)
    assert later.length == 6


@pytest.mark.parametrize("harm", ["edit", "remove", "reorder", "truncate"])
def test_harm_before_the_anchor_is_found(tmp_path: Path, harm: str) -> None:
    journal, anchor = filled(tmp_path)
    path = tmp_path / "2026-05.jsonl"
    lines = path.read_text().splitlines()
    if harm == "edit":
        lines[2] = lines[2].replace("p/t2", "p/t9")
    elif harm == "remove":
        del lines[2]
    elif harm == "reorder":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        del lines[3:]
    path.write_text("\n".join(lines) + "\n")
    assert not verify(journal, str(tmp_path), [anchor]).ok


def test_an_unfinished_line_is_cut_and_said(tmp_path: Path) -> None:
    journal, anchor = filled(tmp_path)
    with (tmp_path / "2026-05.jsonl").open("a") as file:
        file.write('{"seq": 6, "at": "20')
    journal.append([Draft("expired", "p/t", {}, {})], NOW)
    report = verify(journal, str(tmp_path), [anchor])
    assert report.ok
    assert any("journal-cut" in note for note in report.notes)


def test_a_broken_line_is_kept_aside_and_a_new_chain_cites_it(tmp_path: Path) -> None:
    journal, _ = filled(tmp_path)
    with (tmp_path / "2026-05.jsonl").open("a") as file:
        file.write("this is not an event\n")
    journal.append([Draft("expired", "p/t", {}, {})], NOW)
    assert (tmp_path / "2026-05.jsonl.broken-1").exists()
    assert [event.kind for event in journal.events()] == ["journal-restart", "expired"]


def test_the_floor_is_the_greatest_time_since_the_clock_was_accepted(tmp_path: Path) -> None:
    journal, _ = filled(tmp_path)
    ahead = NOW + timedelta(days=400)
    journal.append([Draft("released", "p/t", {}, {})], ahead)
    journal.append([Draft("released", "p/t", {}, {})], NOW)
    assert journal.latest_time() == ahead
    (tmp_path / "floor").unlink()  # what is kept beside the chain can be lost
    assert journal.latest_time() == ahead
    journal.append([Draft("accept-clock", "", {}, {})], NOW)
    journal.append([Draft("released", "p/t", {}, {})], NOW + timedelta(hours=1))
    assert journal.latest_time() == NOW + timedelta(hours=1)
    (tmp_path / "floor").unlink()
    assert journal.latest_time() == NOW + timedelta(hours=1)


def test_a_journal_that_cannot_be_written_raises_and_keeps_nothing(tmp_path: Path) -> None:
    journal, anchor = filled(tmp_path)
    (tmp_path / "2026-06.jsonl").mkdir()
    with pytest.raises((UnavailableError, OSError)):
        journal.append([Draft("released", "p/t", {}, {})], NOW + timedelta(days=40))
    (tmp_path / "2026-06.jsonl").rmdir()
    assert journal.anchor() == anchor


def test_a_disk_that_fills_inside_a_line_keeps_nothing_of_it(tmp_path: Path) -> None:
    """A real limit, in a process of its own: the write is cut short by the system itself."""
    filled(tmp_path)
    (month,) = tmp_path.glob("*.jsonl")
    before = month.read_bytes()
    script = (
        "import resource, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from keybound.domain.errors import UnavailableError\n"
        "from keybound.stores.journal.journal import Draft, Journal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 40}, {len(before) + 40}))\n"
        "try:\n"
        f"    Journal({str(tmp_path)!r}).append([Draft('late', 'x', {{}}, {{}})], datetime(2020, 1, 1, tzinfo=UTC))\n"
        "except UnavailableError as fault:\n"
        "    sys.exit(f'refused: {fault.what}')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert "refused: the journal cannot be written" in done.stderr
    assert month.read_bytes() == before
