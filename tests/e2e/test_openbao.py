"""A real engine as the verifier: OpenBao lets in what was minted under the approved configuration, and nothing else.

The commands are those of docs/openbao.md, run as they stand there.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.openbao import OpenBao, openbao
from support.staging import Run

PAGE = (Path(__file__).parents[2] / "docs" / "openbao.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def bao(tmp_path: Path) -> Iterator[OpenBao]:
    """A server of this test alone."""
    with openbao(tmp_path / "bao") as server:
        yield server


class Reader:
    """Somebody who follows the page."""

    def __init__(self, bao: OpenBao, environ: dict[str, str], folder: Path) -> None:
        self._environ = {**environ, "BAO_ADDR": bao.address, "BAO_TOKEN": bao.environ["BAO_TOKEN"]}
        self._folder = folder

    def follows(self, number: int) -> "subprocess.CompletedProcess[str]":
        """Run a block of the page; as root of the server until the last ones, which log in by themselves."""
        return subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", BLOCKS[number]],
            env=self._environ, cwd=self._folder, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip


@pytest.fixture
def reader(bao: OpenBao, keybound: Run, environ: dict[str, str], tmp_path: Path) -> Reader:
    """Somebody who has a home."""
    assert keybound("init").returncode == 0
    return Reader(bao, environ, tmp_path)


def test_the_page_holds_step_by_step(reader: Reader) -> None:
    for number in range(3):
        done = reader.follows(number)
        assert done.returncode == 0, (BLOCKS[number], done.stderr)
    first = reader.follows(3)
    assert (first.returncode, first.stdout.strip()) == (0, "only-for-the-approved"), first.stderr
    moved = reader.follows(4)
    assert moved.returncode == 0, moved.stderr
    refused = reader.follows(3)
    assert refused.returncode != 0
    assert "only-for-the-approved" not in refused.stdout
    assert "claim" in refused.stderr
    back = reader.follows(5)
    assert back.returncode == 0, back.stderr
    assert reader.follows(3).stdout.strip() == "only-for-the-approved"
    rotated = reader.follows(6)
    assert rotated.returncode == 0, rotated.stderr
    assert reader.follows(3).stdout.strip() == "only-for-the-approved"
