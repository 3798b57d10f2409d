"""The kernel's notices: what concerns a watched path is heard, and what merely happens beside it is not."""

import os
import select
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.sources.files.notices import Notices


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file and a link to it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real/file").write_text("one")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "all").mkdir()
    return tmp_path


@pytest.fixture
def notices(folder: Path) -> Iterator[Notices]:
    """Of a file through a linked folder, a file that is not there, and a whole folder."""
    (folder / "deep/er").mkdir(parents=True)
    (folder / "way").symlink_to("deep/er")
    found = Notices([f"{folder}/link/file", f"{folder}/gone/deep/file", f"{folder}/all", f"{folder}/way/../file"])
    if found.descriptor < 0:
        pytest.skip("this system has no inotify")
    yield found
    found.close()


def heard(notices: Notices) -> bool:
    """Whether something that waits concerns a path; the kernel tells at once."""
    found = False
    while select.select([notices.descriptor], [], [], 0)[0]:
        found = notices.read() or found
    return found


def replace(path: Path) -> None:
    path.with_name("new").write_text("two")
    os.rename(path.with_name("new"), path)


def repoint(path: Path) -> None:
    path.with_name("next").symlink_to("all")
    os.rename(path.with_name("next"), path)


CONCERNS: dict[str, Callable[[Path], object]] = {
    "written": lambda at: (at / "real/file").write_text("two"),
    "replaced": lambda at: replace(at / "real/file"),
    "touched": lambda at: os.utime(at / "real/file", ns=(1, 1)),
    "chmod": lambda at: (at / "real/file").chmod(0o600),
    "deleted": lambda at: (at / "real/file").unlink(),
    "link repointed": lambda at: repoint(at / "link"),
    "folder moved": lambda at: os.rename(at / "real", at / "elsewhere"),
    "folder above comes": lambda at: (at / "gone").mkdir(),
    "a step up from where a link leads": lambda at: (at / "deep/file").write_text(""),
    "new in the whole folder": lambda at: (at / "all/new").write_text(""),
}
BESIDE: dict[str, Callable[[Path], object]] = {
    "another file": lambda at: (at / "real/other").write_text(""),
    "another folder": lambda at: (at / "other").mkdir(),
    "read": lambda at: (at / "real/file").read_text(),
    "listed": lambda at: list((at / "all").iterdir()),
}


@pytest.mark.parametrize("what", CONCERNS)
def test_what_concerns_a_path_is_heard(notices: Notices, folder: Path, what: str) -> None:
    assert notices.whole
    assert not heard(notices)
    CONCERNS[what](folder)
    assert heard(notices)


@pytest.mark.parametrize("what", BESIDE)
def test_what_happens_beside_it_is_not(notices: Notices, folder: Path, what: str) -> None:
    BESIDE[what](folder)
    assert not heard(notices)


def test_where_the_kernel_tells_nothing_that_is_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keybound.sources.files.notices._there_is", lambda: False)
    assert not Notices([f"{folder}/real/file"]).whole
