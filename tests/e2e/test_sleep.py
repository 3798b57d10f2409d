"""A token that ends while the machine sleeps: nothing runs, then the clock has jumped; the first prompt withholds it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.shells import Terminal
from support.staging import CANARY, Run

LIBRARY = "libfaketime.so.1"
# bash has a getenv of its own, which tells the library nothing: its clock is set by hand
JUMP = {"bash": "unset EPOCHSECONDS; EPOCHSECONDS=$(date +%s)", "zsh": "true"}


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """A file that says how far the wall clock of every program is ahead."""
    path = tmp_path / "clock"
    path.write_text("+0\n")
    return path


@pytest.fixture
def shifted(environ: dict[str, str], clock: Path) -> dict[str, str]:
    """The environment in which the wall clock follows that file, and the monotonic one sleeps."""
    needed("faketime")
    found = list(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}"))
    if not found:
        pytest.skip(f"{LIBRARY} is not where Debian has it")
    return {
        **environ, "LD_PRELOAD": str(found[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
    }  # fmt: skip


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest, shifted: dict[str, str], keybound: Run) -> Iterator[Terminal]:
    needed(request.param)
    assert keybound("init").returncode == 0
    assert keybound("add", "default/short", "--env", "SHORT", "--ttl", "1h", given=CANARY).returncode == 0
    assert keybound("add", "default/long", "--env", "LONG", "--ttl", "30d", given=CANARY).returncode == 0
    with closing(Terminal(request.param, shifted)) as shell:
        yield shell


def test_what_ended_while_it_slept_is_withheld_at_the_first_prompt(shell: Terminal, clock: Path, keybound: Run) -> None:
    assert shell.variable("SHORT") == CANARY.decode()
    clock.write_text("+3h\n")
    said = shell.do(JUMP[shell.shell]) + shell.do("true")
    assert shell.variable("SHORT") == "unset"
    assert shell.variable("LONG") == CANARY.decode()
    assert "its lifetime ended on" in said
    assert "alert" not in said, "it is told by what was dropped"
