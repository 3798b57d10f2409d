"""A look that remembers gives the verdicts of one that does not, whatever happened to files, profiles, clock and store."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Evaluation, evaluate
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import approve
from keybound.custody.tokens.expire import expire
from keybound.domain.errors import KeyboundError
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId
from keybound.sources.files import file_cache as remembered
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import PASSPHRASE, make_quickly
from support.rounds import rounds

REST_NS = 30_000_000  # in place of 300 ms, so that more can be tried; longer than a tick of the kernel's clock
SHARED: dict[str, Any] = {}
NAMES = ("base", "p")
TOKENS = ("one", "two", "asked", "still", "timed")
P = """extends = "base"
[files]
a = "~/a.toml"
b = "~/b.toml"
gone = "~/gone"
[tokens.one]
env = "ONE"
[tokens.one.bound]
"file:a#value" = { one_of = ["x", "y"], outside = "suspend" }
"settings.level" = { equals = 1, outside = "warn" }
[tokens.two]
env = "TWO"
[tokens.two.bound]
"file:a#value" = { equals = "x", outside = "expire" }
"file:b" = { unchanged = true, mode_at_most = "0644", outside = "warn" }
[tokens.asked]
env = "ASKED"
[tokens.asked.bound]
"env:WHERE" = { equals = "here" }
"file:b#value" = { exists = true }
[tokens.still]
env = "STILL"
[tokens.still.bound]
"file:gone" = { absent = true, outside = "suspend" }
[tokens.timed]
env = "TIMED"
ttl = "30d"
bound."file:b#value" = { one_of = ["x", "y"], inside = "warn", grace = "1h" }
"""


class Shifted(Context):
    """A context whose clock can be moved."""

    shift = timedelta()

    def clock(self) -> datetime:
        return super().clock() + self.shift


class Looks(RuleBasedStateMachine):
    """One memory, looked with after every step."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "pass").write_bytes(expose_secret(PASSPHRASE))
        self.environ = {"HOME": str(self.root), "KEYBOUND_STORE": "file", "WHERE": "here"}
        self.environ |= {"KEYBOUND_PASSWORD_FILE": str(self.root / "pass"), "XDG_DATA_HOME": SHARED["data"]}
        self.context = Shifted(self.environ, str(self.root))
        self.make_the_store()
        self.memory = EvaluationCache()
        profiles = Path(self.context.home.profiles)
        profiles.mkdir(parents=True)
        (profiles / "base.toml").write_text("[settings]\nlevel = 1\n")
        (profiles / "p.toml").write_text(P)
        for name in "ab":
            (self.root / f"{name}.toml").write_text('value = "x"\n')
        for token in TOKENS:
            add(self.context, NewDefinition(TokenId("p", token)), Secret("secret"))

    def make_the_store(self) -> None:
        store = self.context.store
        assert isinstance(store, AgeFileStore)
        if not store.exists():  # homes share a passphrase, never an item
            make_quickly(store)
        SHARED["lock"] = store.lock

    @rule(name=st.sampled_from("ab"), value=st.sampled_from("xyz"))
    def write(self, name: str, value: str) -> None:
        (self.root / f"{name}.toml").write_text(f'value = "{value}"\n')

    @rule(name=st.sampled_from("ab"), value=st.sampled_from("xyz"), at=st.sampled_from([10**9, 2 * 10**9]))
    def replace_by_rename_with_an_old_time(self, name: str, value: str, at: int) -> None:
        self.write("new", value)
        os.utime(self.root / "new.toml", (at, at))
        os.replace(self.root / "new.toml", self.root / f"{name}.toml")

    @rule(name=st.sampled_from("ab"), value=st.sampled_from("xyz"))
    def lead_elsewhere(self, name: str, value: str) -> None:
        self.write(f"behind-{value}", value)
        (self.root / f"{name}.toml").unlink(missing_ok=True)
        (self.root / f"{name}.toml").symlink_to(self.root / f"behind-{value}.toml")

    @rule(name=st.sampled_from(["a.toml", "b.toml", "gone"]))
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule()
    def make_the_absent(self) -> None:
        (self.root / "gone").touch()

    @rule(mode=st.sampled_from([0o600, 0o666]))
    def change_the_mode(self, mode: int) -> None:
        if (self.root / "b.toml").exists():
            (self.root / "b.toml").chmod(mode)

    @rule(text=st.sampled_from(["[settings]\nlevel = 1\n", "[settings]\nlevel = 2\n", "[settings\n", None]))
    def edit_the_parent(self, text: str | None) -> None:
        path = Path(self.context.home.profile_path("base"))
        path.unlink(missing_ok=True) if text is None else path.write_text(text)

    @rule(old=st.sampled_from(['"x", "y"', '"suspend"', "1h"]), new=st.sampled_from(['"x", "z"', '"expire"', "2h"]))
    def edit_the_profile(self, old: str, new: str) -> None:
        path = Path(self.context.home.profile_path("p"))
        path.write_text(path.read_text().replace(old, new))

    @rule(text=st.sampled_from(["", 'outside = "warn"\n', "outside = 1\n"]))
    def edit_the_policy(self, text: str) -> None:
        Path(self.context.home.policy).write_text(text)

    @rule(where=st.sampled_from(["here", "there"]))
    def go(self, where: str) -> None:
        self.environ["WHERE"] = where

    @rule(days=st.sampled_from([1, 24, 40, -1, -30]))
    def clock_moves(self, days: int) -> None:
        self.context.shift += timedelta(days=days)

    @rule(token=st.sampled_from(TOKENS), act=st.sampled_from([approve, expire]))
    def owner_acts(self, token: str, act: Callable[[Context, TokenId], None]) -> None:
        try:
            act(self.context, TokenId("p", token))
        except KeyboundError:
            return

    @rule()
    def files_rest(self) -> None:
        time.sleep(REST_NS / 1e9)

    @invariant()
    def the_same_verdicts(self) -> None:
        if not hasattr(self, "memory"):
            return
        names = [name for name in NAMES if Path(self.context.home.profile_path(name)).exists()]
        before, remembering = (
            verdicts(evaluate(self.context, names)),
            verdicts(self.memory.evaluate(self.context, names)),
        )
        if remembering != before:  # a file may have come to rest in between
            assert remembering == verdicts(evaluate(self.context, names))

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.state.close()
            self.folder.cleanup()


def verdicts(found: Evaluation) -> dict[str, object]:
    """Each token's verdict with what is held of it, and each profile's fault."""
    told: dict[str, object] = {str(one.id): (one.verdict, one.held) for one in found.judged}
    return told | {name: (fault.what, fault.where) for name, fault in found.faults.items()}


@pytest.fixture(autouse=True)
def _quick_files_and_one_store() -> Iterator[None]:
    with (
        patch.object(guard, "SETTLE_NS", REST_NS),
        patch.object(remembered, "SETTLE_NS", REST_NS),
        tempfile.TemporaryDirectory() as SHARED["data"],
    ):
        yield
        SHARED["lock"]()


TestLooks = Looks.TestCase
TestLooks.settings = settings(
    max_examples=rounds(8, 3, "KEYBOUND_MODEL"),
    stateful_step_count=rounds(20, 6),
    deadline=None,
    derandomize="KEYBOUND_MODEL" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
