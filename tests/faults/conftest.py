"""What was tried and what was lost, as one table at the end of a run."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.tried import Tried

_TRIED = "tried"


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Tried:
    """Say what a test tried: ``tried("what goes wrong", times, lost=0)``; rows of one name are added up."""

    def note(what: str, times: int, *, lost: int = 0) -> None:
        record_property(_TRIED, (what, times, lost))

    return note


@pytest.fixture
def disk(environ: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    """A small disk that holds the whole home."""
    home = Path(environ["HOME"])
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(home)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield home
    subprocess.run(["umount", str(home)], check=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table; it goes into docs/reliability.md as it is."""
    reports = [one for name in ("passed", "failed") for one in terminalreporter.stats.get(name, [])]
    noted = [value for report in reports for name, value in report.user_properties if name == _TRIED]
    if not noted:
        return
    times: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for what, tries, losses in noted:
        times[what] += tries
        lost[what] += losses
    terminalreporter.write_line("| What goes wrong | Tried | Lost |")
    terminalreporter.write_line("| --- | ---: | ---: |")
    for what in sorted(times):
        terminalreporter.write_line(f"| {what} | {times[what]:,} | {lost[what] or 'nothing'} |")
