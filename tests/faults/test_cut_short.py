"""Each action that writes, killed at each call by which it does, and refused there for want of room: old or new, whole.

``KEYBOUND_FAULTS=all`` tries every call; else a few of each action, other ones each month.
"""

import json
import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.base import SecretStore
from keybound.stores.keyring.home_tag import home_tag
from support.cutting import Act, Cut, cut_short, cuts, restore
from support.secret_service import private_bus
from support.staging import PROFILE, Run
from support.tried import Tried

NO_ROOM = "no room, or a dead disk, at a call that writes"
HOW = {"signal=KILL": ("killed at a call that writes", 2), "error=ENOSPC": (NO_ROOM, 1), "error=EIO": (NO_ROOM, 1)}
RELEASE = b"first secret\n"
ADDED = (("add", "staging/github", "--env", "GITHUB_TOKEN", "--bind", "flags.beta_writes equals=false"), RELEASE)
ACTS = (
    Act(("add", "staging/new", "--env", "NEW"), b"second\n"),
    Act(("bind", "staging/github", "cwd", "exists=true")),
    Act(("unbind", "staging/github", "flags.beta_writes")),
    Act(("set", "staging/github", "ttl", "30d", "--yes")),
    Act(("approve", "staging/github", "--yes"), before=((("expire", "staging/github", "--yes"), b""),)),
    Act(("refresh", "staging/github"), b"fresh\n"),
    Act(("expire", "staging/github", "--yes")),
    Act(("remove", "staging/github", "--yes")),
    Act(("token", "rename", "staging/github", "hub")),
    Act(("token", "move", "staging/github", "prod")),
    Act(("profile", "set", "staging", "flags.beta_writes", "true", "--yes")),
    Act(("profile", "rename", "staging", "stage")),
    Act(("profile", "remove", "staging", "--yes")),
    Act(("profile", "copy", "staging", "third")),
    Act(("import", "plain.env", "--yes", "--replace")),
    Act(("import", "--undo", "plain.env", "--yes"), before=((("import", "plain.env", "--yes", "--replace"), b""),)),
    Act(("use", "staging")),
    Act(("env", "staging", "--shell", "json")),
    Act(("watch", "--once")),
)
PLAIN = "PLAIN_TOKEN=x7Gq2LmZ9vB4tRwK8nYcP3sD\n"


class Answers(NamedTuple):
    """What a home says: what is released, the states, and the profiles' texts."""

    released: dict[str, dict[str, str]]
    states: dict[str, str]
    texts: dict[str, str]
    plain: str


class Stage:
    """A home that can be put back to what it was before an action."""

    def __init__(
        self, environ: dict[str, str], folder: Path, keybound: Run, keyring: SecretStore | None = None
    ) -> None:
        self.environ, self.folder, self.home = environ, folder, Path(environ["HOME"])
        self.keybound, self.keyring = keybound, keyring
        profiles = self.home / ".config/keybound/profiles"
        profiles.mkdir(parents=True, exist_ok=True)
        self.plain = folder / "plain.env"
        self.plain.write_text(PLAIN)
        for name in ("staging", "prod"):
            (profiles / f"{name}.toml").write_text(PROFILE.partition("[files]")[0])
        for words, given in ((("init",), b""), ADDED):
            self.did(words, given)

    def did(self, words: tuple[str, ...], given: bytes) -> None:
        done = self.keybound(*words, given=given)
        assert done.returncode == 0, (words, done.stderr)

    def keep(self, act: Act) -> None:
        """Do what goes before the action, and remember the home."""
        for words, given in act.before:
            self.did(words, given)
        shutil.copytree(self.home, self.folder / "kept", symlinks=True)
        self.kept_plain = self.plain.read_bytes()
        self.kept_items = self.keyring.read(sorted(self.keyring.items(), key=str)) if self.keyring else {}

    def put_back(self) -> None:
        restore(self.home, self.folder / "kept")
        self.plain.write_bytes(self.kept_plain)
        if self.keyring is None:
            return
        for item in self.keyring.items() - set(self.kept_items):
            self.keyring.delete(item)
        for item, text in self.kept_items.items():
            if isinstance(text, Secret) and self.keyring.read([item]).get(item) != text:
                self.keyring.write(item, text)

    def answers(self) -> Answers:
        """Look as a person does next: the first look completes or undoes what was cut short."""
        listed = self.keybound("list", "--json")
        assert listed.returncode == 0, listed.stderr
        profiles = sorted((self.home / ".config/keybound/profiles").glob("*.toml"))
        released = {}
        for path in profiles:
            done = self.keybound("env", path.stem, "--shell", "json")
            assert b"Traceback" not in done.stderr
            released[path.stem] = json.loads(done.stdout or b"{}")
        assert self.keybound("log", "--verify").returncode == 0
        states = {row["id"]: row["state"] for row in json.loads(listed.stdout)}
        return Answers(released, states, {path.stem: path.read_text() for path in profiles}, self.plain.read_text())


@pytest.fixture
def stage(environ: dict[str, str], tmp_path: Path, keybound: Run) -> Stage:
    return Stage(environ, tmp_path, keybound)


@pytest.fixture
def on_a_keyring(environ: dict[str, str], tmp_path: Path, home: Path, keybound: Run) -> Iterator[Stage]:
    """The same, on a real keyring."""
    with private_bus(tmp_path / "run") as bus:
        bus.start_keyring()
        names = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
        more = {"KEYBOUND_STORE": "keyring", **{name: bus.environ[name] for name in names}}
        store = bus.store(home_tag(str(home / ".config/keybound")))
        yield Stage({**environ, **more}, tmp_path, partial(keybound, more=more), store)


def chosen(found: list[Cut], act: Act, how: str, some: int) -> list[Cut]:
    """All of them, or a few."""
    if os.environ.get("KEYBOUND_FAULTS") == "all":
        return found
    chance = random.Random(f"{datetime.now(UTC):%Y-%m} {how} {act}")  # no secret
    return chance.sample(found, min(some, len(found)))


def between(found: Answers, old: Answers, new: Answers) -> bool:
    """Whether each part is the old or the new one: of several changes in a row some may be made."""
    ids = {*old.states, *new.states}
    states = all(found.states.get(one) in (old.states.get(one), new.states.get(one)) for one in ids)
    names = {*old.texts, *new.texts}
    texts = all(found.texts.get(one) in (old.texts.get(one), new.texts.get(one)) for one in names)
    values = {value for one in (old, new) for each in one.released.values() for value in each.values()}
    released = {value for each in found.released.values() for value in each.values()}
    kept = {value for each in old.released.values() for value in each.values()} & {
        value for each in new.released.values() for value in each.values()
    }
    return states and texts and kept <= released <= values and found.plain in (old.plain, new.plain)


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_old_or_new(stage: Stage, act: Act, tried: Tried) -> None:
    _cut_short(stage, act, tried)


@pytest.mark.parametrize("act", ACTS[:6], ids=str)
def test_on_a_keyring(on_a_keyring: Stage, act: Act, tried: Tried) -> None:
    _cut_short(on_a_keyring, act, tried)


def _cut_short(stage: Stage, act: Act, tried: Tried) -> None:
    stage.keep(act)
    old = stage.answers()
    stage.put_back()
    found = cuts(act, stage.environ, stage.folder)
    new = stage.answers()
    for how, (what, some) in HOW.items():
        picked = chosen(found, act, how, some)
        for cut in picked:
            stage.put_back()
            done = cut_short(act, cut, how, stage.environ, stage.folder)
            assert b"Traceback" not in done.stderr, (cut, done.stderr)
            after = stage.answers()
            assert between(after, old, new), (cut, done.stderr, after)
        tried(what, len(picked))
