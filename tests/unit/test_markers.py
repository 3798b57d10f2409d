"""The stamps that a shell compares."""

import os
from pathlib import Path

import pytest

from keybound.custody.shell_state.markers import Seen, make_markers
from keybound.sources.files.links import Ways

SECOND = 10**9


@pytest.mark.parametrize(("age_s", "young"), [(-1, True), (0, True), (4, True), (6, False)])
def test_young_is_what_was_young_when_the_reading_began(tmp_path: Path, age_s: int, young: bool) -> None:
    began = 1_700_000_000 * SECOND + 7
    mtime = began - age_s * SECOND
    [one], _ = make_markers(str(tmp_path / "hooks" / "1-1"), Seen({"/somewhere": mtime}, Ways(), began), 60)
    assert (one.mtime_ns, one.young) == (mtime, young)
    assert os.stat(one.mark).st_mtime_ns == mtime


def test_the_finer_marker_is_a_nanosecond_younger(tmp_path: Path) -> None:
    folder = tmp_path / "hooks" / "1-1"
    assert make_markers(str(folder), Seen({"/nowhere": None}, Ways(), 0), 60)[0][0].mark == ""
    assert os.stat(folder / "finer").st_mtime_ns == os.stat(folder / "deadline").st_mtime_ns + 1


def test_each_link_on_the_way_has_a_marker_that_leads_where_it_led(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/file").write_text("")
    (tmp_path / "v1/leaf").symlink_to("../v1/file")
    (tmp_path / "cur").symlink_to("v1")
    (tmp_path / "dead").symlink_to("gone")
    seen = Seen({str(tmp_path / "cur/leaf"): 1, str(tmp_path / "dead"): None}, Ways(), 0)
    for _ in range(2):  # the second time over the first one's markers
        files, links = make_markers(str(tmp_path / "hooks/1-1"), seen, 60)
        assert [one.end for one in files] == [str(tmp_path / "v1/file"), str(tmp_path / "gone")]
        found = {one.path: (one.text, one.mark and os.path.realpath(one.mark)) for one in links}
        assert found == {
            str(tmp_path / "cur"): ("v1", str(tmp_path / "v1")),
            str(tmp_path / "v1/leaf"): ("../v1/file", str(tmp_path / "v1/file")),
            str(tmp_path / "dead"): ("gone", ""),
        }
    assert make_markers(str(tmp_path / "hooks/1-1"), Seen({str(tmp_path / "v1/file"): 1}, Ways(), 0), 60)[1] == ()


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    ways = Ways()
    assert ways.end(str(tmp_path / "a")) in (str(tmp_path / "a"), str(tmp_path / "b"))
    assert set(ways.links) == {str(tmp_path / "a"), str(tmp_path / "b")}
