"""When the agent looks: at once, after a change, when it is time, and not while a person's own watcher acts."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.cli.agent import evaluator, forking, places, watching
from keybound.cli.agent.watching import Watching
from keybound.custody.context.locking import locked_path
from keybound.stores import watchers


class Looks:
    """In place of children: what they would answer, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self.answer: object = None
        self.now = 1000.0

    def child(self, work: Callable[[], int]) -> int:
        self.count += 1
        return work() or 1

    def evaluate_once(self, descriptor: int) -> int:
        os.write(descriptor, b"" if self.answer is None else json.dumps(self.answer).encode())
        return 0


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    found = Looks()
    monkeypatch.setattr(forking, "child", found.child)
    monkeypatch.setattr(forking, "hold_only", lambda descriptor: descriptor)
    monkeypatch.setattr(evaluator, "evaluate_once", found.evaluate_once)
    monkeypatch.setattr(watching, "_now", lambda: found.now)
    monkeypatch.setattr(places, "own_stamps", lambda state: ())
    return found


def tend(watch: Watching) -> None:
    """What the agent's loop does while something is to be heard."""
    watch.tend([])
    watch.tend(watch.descriptors())
    watch.tend(watch.descriptors())


def answer(path: Path, seconds: float) -> dict[str, object]:
    return {"paths": [str(path)], "seconds": seconds}


def test_it_looks_at_once_then_after_a_change_and_when_it_is_time(looks: Looks, tmp_path: Path) -> None:
    file = tmp_path / "file"
    looks.answer = answer(file, 50)
    watch = Watching(str(tmp_path), ())
    tend(watch)
    assert looks.count == 1
    looks.now += watch.seconds()
    tend(watch)
    assert (looks.count, round(watch.seconds())) == (2, 50), (
        "once more, since it may have changed before it was followed"
    )
    file.write_text("new")
    tend(watch)
    assert 0 < watch.seconds() < 1
    looks.now += 1
    tend(watch)
    assert looks.count == 3
    looks.now += 49
    tend(watch)
    assert looks.count == 3
    looks.now += 2
    tend(watch)
    assert looks.count == 4


def test_it_keeps_still_while_a_person_watches(looks: Looks, tmp_path: Path) -> None:
    watch = Watching(str(tmp_path), ())
    with watchers.announced(str(tmp_path)):
        tend(watch)
        assert (looks.count, watch.seconds() > 1) == (0, True)
    looks.now += watch.seconds()
    tend(watch)
    assert looks.count == 1


def test_of_two_agents_of_a_home_one_watches(looks: Looks, tmp_path: Path) -> None:
    one, other = Watching(str(tmp_path), ()), Watching(str(tmp_path), ())
    tend(one)
    tend(other)
    assert looks.count == 1
    assert watchers.is_watched(str(tmp_path), watchers.AGENT)
    assert one._lock is not None
    os.close(one._lock)
    looks.now += other.seconds()
    tend(other)
    assert looks.count == 2


def test_the_end_of_a_persons_watcher_is_heard(looks: Looks, tmp_path: Path) -> None:
    looks.answer = answer(Path(watchers.lock_path(str(tmp_path))), 500)
    watch = Watching(str(tmp_path), ())
    for _ in range(2):
        looks.now += watch.seconds()
        tend(watch)
    with watchers.announced(str(tmp_path)):
        tend(watch)
    assert watchers.is_watched(str(tmp_path)) is False
    tend(watch)
    looks.now += 1
    tend(watch)
    assert looks.count == 3


@pytest.mark.parametrize("bad", [None, [], {"paths": []}, {"paths": 1, "seconds": 1}, {"paths": [], "seconds": "x"}])
def test_a_look_that_failed_is_tried_again_later(looks: Looks, tmp_path: Path, bad: object) -> None:
    looks.answer = bad
    watch = Watching(str(tmp_path), ())
    tend(watch)
    assert (looks.count, watch.seconds() > 10) == (1, True)
    looks.now += watch.seconds()
    tend(watch)
    assert looks.count == 2


def test_a_store_that_is_locked_ends_it(looks: Looks, tmp_path: Path) -> None:
    watch = Watching(str(tmp_path), ())
    tend(watch)
    assert not watch.tend(watch.descriptors())
    Path(locked_path(str(tmp_path))).write_text("now")
    assert watch.tend(watch.descriptors())


def test_where_the_kernel_does_not_tell_all_it_looks_every_minute(
    looks: Looks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keybound.sources.files.notices._there_is", lambda: False)
    looks.answer = answer(tmp_path / "file", 500)
    watch = Watching(str(tmp_path), ())
    for _ in range(2):
        looks.now += watch.seconds()
        tend(watch)
    assert (looks.count, round(watch.seconds())) == (2, 60)


def test_another_code_looks_at_nothing(looks: Looks, tmp_path: Path) -> None:
    watch = Watching(str(tmp_path), ("other",))
    statuses: list[int] = []
    looks.child = lambda work: statuses.append(work()) or 1  # type: ignore[method-assign, func-returns-value]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forking, "child", looks.child)
        tend(watch)
    assert statuses == [forking.STALE]
