"""Ten times the tokens are at most twelve times the work, counted in calls and not in seconds."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from bench.looks import fill
from keybound.custody.application.overview import overview
from keybound.custody.backup.contents import unpacked
from keybound.custody.backup.make_backup import make_backup
from keybound.custody.backup.restore_plan import plan_restore
from keybound.custody.backup.steps import Choice
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.evaluation.orphans import orphans
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.text.secret import Secret, expose_secret
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import PASSPHRASE, make_quickly


def calls(act: Callable[[], object]) -> int:
    """How many calls of Python and C functions an act takes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def plan_of(context: Context, sealed: Path) -> None:
    """Open a backup and plan its restoring; nothing is encrypted, so that the calls are those of Keybound."""
    assert plan_restore(context, unpacked(Secret(sealed.read_bytes())), Choice()).items


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, int]]:
    """What each act costs with so many tokens."""
    found: dict[str, dict[int, int]] = {"look": {}, "overview": {}, "orphans": {}, "backup": {}, "restore": {}}
    for count in (30, 300):
        folder = tmp_path_factory.mktemp(f"home{count}")
        environ = {"HOME": str(folder), "KEYBOUND_STORE": "file", "KEYBOUND_PASSWORD_FILE": str(folder / "passphrase")}
        (folder / "passphrase").write_bytes(expose_secret(PASSPHRASE))
        context = Context(environ, str(folder))
        assert isinstance(context.store, AgeFileStore)
        make_quickly(context.store)
        Path(context.home.profiles).mkdir(parents=True, mode=0o700)
        fill(environ, count)
        overview(context)  # what the first look remembers is not counted
        names = Library(context.home).names()
        evaluation = evaluate(context, names)
        assert {one.verdict.state.word for one in evaluation.judged} == {"active"}
        assert len(evaluation.judged) == count
        sealed = folder / "backup.age"
        acts: dict[str, Callable[[], object]] = {
            "look": lambda context=context, names=names: evaluate_and_record(context, names),  # type: ignore[misc]
            "overview": lambda context=context: overview(context),  # type: ignore[misc]
            "orphans": lambda context=context, evaluation=evaluation: orphans(context, evaluation),  # type: ignore[misc]
            "backup": lambda context=context, sealed=sealed: make_backup(context, str(sealed), expose_secret),  # type: ignore[misc]
            "restore": lambda context=context, sealed=sealed: plan_of(context, sealed),  # type: ignore[misc]
        }
        for name, act in acts.items():
            found[name][count] = calls(act)
        context.store.lock()
        context.close()
    return found


@pytest.mark.parametrize("act", ["look", "overview", "orphans", "backup", "restore"])
def test_ten_times_the_tokens_are_at_most_twelve_times_the_work(costs: dict[str, dict[int, int]], act: str) -> None:
    small, large = costs[act][30], costs[act][300]
    assert large <= 12 * small, (small, large)
