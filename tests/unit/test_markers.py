"""The stamps that a shell compares."""

import os
from pathlib import Path

import pytest

from keybound.custody.markers import make_markers

SECOND = 10**9


@pytest.mark.parametrize(("age_s", "young"), [(-1, True), (0, True), (4, True), (6, False)])
def test_young_is_what_was_young_when_the_reading_began(tmp_path: Path, age_s: int, young: bool) -> None:
    began = 1_700_000_000 * SECOND + 7
    mtime = began - age_s * SECOND
    [one] = make_markers(str(tmp_path / "hooks" / "1-1"), {"/somewhere": mtime}, 60, began)
    assert (one.mtime_ns, one.young) == (mtime, young)
    assert os.stat(one.mark).st_mtime_ns == mtime


def test_the_finer_marker_is_a_nanosecond_younger(tmp_path: Path) -> None:
    folder = tmp_path / "hooks" / "1-1"
    assert make_markers(str(folder), {"/nowhere": None}, 60, 0)[0].mark == ""
    assert os.stat(folder / "finer").st_mtime_ns == os.stat(folder / "deadline").st_mtime_ns + 1
