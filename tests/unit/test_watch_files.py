"""Files are watched: by the kernel's notices, by the library where there are none, and by a poll where neither tells."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.sources.files import notices, watch


@pytest.fixture(params=["kernel", "library"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "library":
        monkeypatch.setattr(notices, "_there_is", lambda: False)
        monkeypatch.setattr(watch, "POLL_SECONDS", 0.1)  # what changes while the library starts, the poll tells
    return str(request.param)


@pytest.fixture
def threads() -> Iterator[list[threading.Thread]]:
    """The threads that were begun meanwhile; they must end."""
    before, begun = set(threading.enumerate()), list[threading.Thread]()
    yield begun
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


class Heard:
    """Counts, and wakes whoever waits."""

    def __init__(self) -> None:
        self.count = 0
        self._more = threading.Condition()

    def __call__(self) -> None:
        with self._more:
            self.count += 1
            self._more.notify_all()

    def comes(self, count: int) -> bool:
        with self._more:
            return self._more.wait_for(lambda: self.count >= count, 10)


def test_a_change_is_told_at_once_and_none_after_the_stop(
    way: str, tmp_path: Path, threads: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "kernel":
        monkeypatch.setattr(watch, "POLL_SECONDS", 1000)
    file, heard = tmp_path / "file", Heard()
    file.write_text("one")
    stop = watch.watch([str(file)], heard)
    assert heard.count == 1, "something may have changed before"
    file.write_text("two")
    assert heard.comes(2)
    stop()
    stop()


def test_a_folder_that_leads_elsewhere_is_told(way: str, tmp_path: Path, threads: object) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    link, heard = tmp_path / "link", Heard()
    link.symlink_to("one")
    stop = watch.watch([f"{link}/file"], heard)
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").rename(link)
    assert heard.comes(2)
    stop()


def test_what_the_kernel_does_not_tell_is_polled(
    tmp_path: Path, threads: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(notices.Notices, "read", lambda self: bool(os.read(self.descriptor, 4096)) and False)
    file, heard = tmp_path / "file", Heard()
    stop = watch.watch([str(file)], heard)
    file.write_text("two")
    assert heard.comes(2)
    stop()
