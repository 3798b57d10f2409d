"""What a linked path leads to is compared too: a link is repointed between files that all have one mtime."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from support.pane import SHELLS, pane
from support.programs_at_hand import needed
from support.staging import CANARY, furnish
from support.words import NOTHING

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
EACH_PROMPT = ("elvish",)


class Place(NamedTuple):
    """What a case links: the path that is read, two folders with a file each, and how the second differs."""

    path: Path
    one: Path
    two: Path
    change: tuple[str, str]


def pair(place: Path, change: tuple[str, str]) -> Place:
    """The file in two folders, both at mtime 1, the second one changed; nothing at its own place."""
    text, folder = place.read_text(), place.parent
    for name, kept in (("one", text), ("two", text.replace(*change))):
        (folder / name).mkdir()
        (folder / name / place.name).write_text(kept)
        os.utime(folder / name / place.name, (1, 1))
    place.unlink()
    return Place(place, folder / "one", folder / "two", change)


def repoint(link: Path, target: str) -> None:
    """As ``ln -sfn`` does."""
    subprocess.run(["ln", "-sfn", target, str(link)], check=True)


def leaf(at: Place) -> Callable[[], None]:
    at.path.symlink_to(at.one / at.path.name)
    return lambda: repoint(at.path, str(at.two / at.path.name))


def folder(at: Place) -> Callable[[], None]:
    (at.path.parent / "cur").symlink_to("one")
    at.path.symlink_to(f"cur/{at.path.name}")
    return lambda: repoint(at.path.parent / "cur", "two")


def middle(at: Place) -> Callable[[], None]:
    (at.path.parent / "hop").symlink_to(f"one/{at.path.name}")
    at.path.symlink_to("hop")
    return lambda: repoint(at.path.parent / "hop", f"two/{at.path.name}")


def linked_folder(at: Place) -> Callable[[], None]:
    """The path itself is no link; the folder that it lies in becomes one."""
    above = at.path.parent
    moved = above.rename(above.with_name("first"))
    subprocess.run(["cp", "-a", str(moved), str(above.with_name("second"))], check=True)
    for name, kept in (("first", "one"), ("second", "two")):
        (above.with_name(name) / kept / at.path.name).rename(above.with_name(name) / at.path.name)
    above.symlink_to("first")
    return lambda: repoint(above, "second")


FILE, FLAG = ("staging", "prod"), ("beta_writes = false", "beta_writes = true")
CASES = {
    "the file": ("kube.yaml", FILE, leaf),
    "a folder on the way": ("kube.yaml", FILE, folder),
    "a link on the way": ("kube.yaml", FILE, middle),
    "a profile": (".config/keybound/profiles/staging.toml", FLAG, leaf),
    "the folder of profiles": (".config/keybound/profiles/staging.toml", FLAG, linked_folder),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("case", CASES)
def test_a_repointed_link_is_noticed_at_the_next_prompt_and_starts_nothing_before(
    keybound: Run, profiles: Path, home: Path, environ: dict[str, str], tmp_path: Path, shell: str, case: str
) -> None:
    needed(shell)
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    name, change, link = CASES[case]
    move = link(pair(home / name, change))
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        before = term.starts
        for _ in range(3):
            term.do(NOTHING[shell])
        assert (term.starts - before) == (3 if shell in EACH_PROMPT else 0)
        move()
        assert "-GITHUB_TOKEN" in term.do(NOTHING[shell])
        assert term.variable("GITHUB_TOKEN") is None
