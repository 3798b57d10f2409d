"""Completion: what stands in profiles, typed with Tab in the real shells, without the store; it runs nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.pane import Pane, pane
from support.staging import Run, furnish

HOSTILE = """schema = 1
[tokens.github]
env = "X"
[tokens.github.bound]
"settings.\\"$(touch {0}/ran)`touch {0}/ran`\\"" = {{ exists = true }}
"settings.plain" = {{ exists = true }}
"""


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    return profiles / "staging.toml"


def candidates(keybound: Run, *words: str) -> list[str]:
    return keybound("complete", "--", *words, more={"KEYBOUND_PASSWORD_FILE": "/nowhere"}).stdout.decode().split()


def test_candidates_come_from_profiles_without_a_store(keybound: Run, staging: Path) -> None:
    assert sorted(candidates(keybound, "ex")) == ["exec", "expire"]
    assert candidates(keybound, "use", "") == ["default", "staging"]
    assert candidates(keybound, "show", "st") == ["staging/github"]
    assert candidates(keybound, "exec", "--only", "") == ["github"]
    assert candidates(keybound, "env", "--shell", "z") == ["zsh"]
    assert "flags.beta_writes" in candidates(keybound, "bind", "staging/github", "fl")
    assert "file:kube#current-context" in candidates(keybound, "unbind", "staging/github", "file:")


@pytest.fixture(params=["bash", "zsh", "fish"])
def term(request: pytest.FixtureRequest, staging: Path, environ: dict[str, str], tmp_path: Path) -> Iterator[Pane]:
    """A shell with completion loaded, but not the hook."""
    shell = str(request.param)
    load = {"fish": "keybound completion fish | source"}.get(shell, f'eval "$(keybound completion {shell})"')
    with pane(shell, environ, tmp_path / "pane", load=False) as opened:
        opened.do(load)
        yield opened


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("keybound show st", "keybound show staging/github"),
        ("AB=1 keybound use st", "AB=1 keybound use staging"),
        ("keybound exec --only g", "keybound exec --only github"),
        ("keybound unbind staging/github file:kube#cu", "keybound unbind staging/github file:kube#current-context"),
        ("keybound check ./hoo", "keybound check ./hook"),
    ],
)
def test_tab_completes(term: Pane, typed: str, whole: str) -> None:
    term.keys("-l", typed)
    term.keys("Tab")
    term.see(re.escape(f"kb> {whole}").replace(r"\#", r"\\?\#"))  # zsh quotes it


def test_what_a_profile_says_is_not_run(term: Pane, profiles: Path, tmp_path: Path) -> None:
    (profiles / "odd.toml").write_text(HOSTILE.format(tmp_path))
    term.keys("-l", "keybound unbind odd/github settings.")
    for _ in range(3):
        term.keys("Tab")
    term.see("settings.plain")
    assert not (tmp_path / "ran").exists()
