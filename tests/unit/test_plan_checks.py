"""A plan says what the profile's own scenarios and the policy would say of the proposed text."""

from pathlib import Path

import pytest

from keybound.custody.keeper import Keeper
from keybound.custody.plan import plan_text
from keybound.domain.secret import Secret
from keybound.stores.age_file import AgeFileStore
from keybound.tui.profile.plan import lines_of

TEXT = """[flags]
a = false
[tokens.t]
env = "T"
[tokens.t.bound]
"flags.a" = { equals = false, outside = "suspend" }
[[expect]]
when = { "flags.a" = true }
then = { t = "suspended" }
[[expect]]
then = { t = "active" }
"""


@pytest.fixture
def keeper(environ: dict[str, str], tmp_path: Path) -> Keeper:
    keeper = Keeper(environ, str(tmp_path))
    assert isinstance(keeper.store, AgeFileStore)
    keeper.store.create(Secret("correct horse"))
    path = Path(keeper.home.profile_path("p"))
    path.parent.mkdir(parents=True)
    path.write_text(TEXT)
    return keeper


def said(keeper: Keeper, text: str) -> list[str]:
    return ["".join(piece.text for piece in row) for row in lines_of(plan_text(keeper, "p", text))]


def test_scenarios_that_hold_and_one_that_does_not(keeper: Keeper) -> None:
    assert "expect 2 of 2 hold" in said(keeper, TEXT)
    found = said(keeper, TEXT.replace('outside = "suspend"', 'outside = "warn"'))
    assert "expect 1 of 2 hold" in found
    assert any(row.startswith("expect: [[expect]] 1: expected suspended, it is warning") for row in found)


def test_the_policy_speaks_too(keeper: Keeper) -> None:
    Path(keeper.home.policy).write_text('[profiles.p]\nrelease = ["exec"]\n')
    assert any(row.startswith("release: it may not leave by") for row in said(keeper, TEXT))
