"""A full disk, or a quota that is reached, at any write of any verb: the old or the new, whole, and a line that says why."""

import errno
import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator

import pytest

from support.full_disk import filled
from support.furnished import LOOKS, Furnished, furnished_home
from support.tried import Tried
from support.verb_server import Done

ALL = os.environ.get("KEYBOUND_FAULTS") == "all"
SEED = 20261128
PAGES = range(24)  # that are free
SYNCS = range(1, 16)  # the first that fails
ENVIRONMENTS = LOOKS[1:3]
ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "add": (("add", "staging/new", "--env", "NEW"), "canary-new"),
    "refresh": (("refresh", "staging/github"), "canary-fresh"),
    "rotate": (("refresh", "prod/deploy"), ""),
    "expire": (("expire", "staging/github", "--yes"), ""),
    "approve": (("approve", "staging", "--yes"), ""),
    "remove": (("remove", "staging/github", "--yes"), ""),
    "bind": (("bind", "staging/other", "flags.beta_writes", "equals=false"), ""),
    "unbind": (("unbind", "staging/github", "flags.beta_writes"), ""),
    "set": (("set", "staging/other", "ttl", "30d", "--yes"), ""),
    "rename": (("token", "rename", "staging/github", "gh"), ""),
    "move": (("token", "move", "staging/github", "prod"), ""),
    "profile new": (("profile", "new", "fresh"), ""),
    "profile set": (("profile", "set", "staging", "settings.x", "1", "--yes"), ""),
    "profile rename": (("profile", "rename", "staging", "stage"), ""),
    "profile copy": (("profile", "copy", "staging", "second"), ""),
    "use": (("use", "prod"), ""),
    "env": (ENVIRONMENTS[0], ""),
    "list": (("list", "--json"), ""),
}

# They save a definition first, and approve it then: in between its token is unapproved.
EDITS = ("bind", "unbind", "set")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """On a small disk of its own."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "home").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder / "home")]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        with furnished_home(folder, "canary-ours") as made:
            yield made
    finally:
        subprocess.run(["umount", str(folder / "home")], check=True)


def some(of: range, name: str, most: int) -> list[int]:
    """All of them, or a few of the first in a usual run."""
    return list(of) if ALL else random.Random(f"{SEED} {name}").sample(of[:8], most)


def released(home: Furnished) -> tuple[dict[str, str], ...]:
    """What each profile gives, where it is there; of what is signed at each release, that it is given."""
    given = [home.verbs(*call) for call in ENVIRONMENTS]
    for done in given:
        assert done.status in (0, 1, 4), done
        assert "Traceback" not in done.err, done
    found = [json.loads(done.out) if done.out else {} for done in given]
    return tuple({name: value if "canary" in value else "" for name, value in one.items()} for one in found)


def old_or_new(home: Furnished, name: str, run: Callable[[], Done]) -> None:
    """What a verb leaves that could not write; and with room it is done."""
    act, text = ACTS[name]
    before = released(home)
    home.reset()
    assert home.verbs(*act, given=text).status in (0, 1), name
    after = released(home)
    home.reset()
    done = run()
    assert done.status in (0, 1, 3), done
    assert "Traceback" not in done.out + done.err, done
    assert done.status != 3 or done.err.startswith("keybound: "), done
    assert done.status == 0 or done.err, done
    if act == ENVIRONMENTS[0]:
        assert done.status == 1 or "canary" not in done.out, done
    else:
        assert "canary" not in done.out + done.err, done
    found = released(home)
    if name in EDITS and found not in (before, after):
        assert all(one.items() <= whole.items() for one, whole in zip(found, before, strict=True)), (found, done)
        assert "(unapproved)" in home.verbs(*ENVIRONMENTS[0]).err
        assert home.verbs("approve", act[1], "--yes").status == 0
        found = released(home)
    assert found in (before, after), (found, done)
    verified = home.verbs(*LOOKS[0])
    assert verified.status == 0, (verified, done)
    if done.status == 3 and found == before:
        again = home.verbs(*act, given=text)
        assert again.status in (0, 1) or before == after, (again, done)
        assert released(home) == after


@pytest.mark.parametrize("name", ACTS)
def test_a_full_disk(home: Furnished, name: str, tried: Tried) -> None:
    act, text = ACTS[name]

    def run(pages: int) -> Done:
        filler = filled(home.root, pages)
        try:
            return home.verbs(*act, given=text)
        finally:
            filler.unlink()

    for pages in (tries := some(PAGES, name, 2)):
        try:
            old_or_new(home, name, lambda: run(pages))  # noqa: B023  # called at once
        finally:
            home.reset()
    tried("the disk is full at a write of any verb", len(tries))


@pytest.mark.parametrize("name", ACTS)
def test_a_quota(home: Furnished, name: str, tried: Tried) -> None:
    """As network file systems and delayed writes report it: when what was written is synced."""
    act, text = ACTS[name]
    for nth in (tries := some(SYNCS, name, 1)):
        try:
            old_or_new(home, name, lambda: home.verbs.unsynced(nth, errno.EDQUOT, *act, given=text))  # noqa: B023
        finally:
            home.reset()
    tried("a quota is reached at a write of any verb", len(tries))
