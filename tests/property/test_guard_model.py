"""A stateful model of the guard and custody on a real home: whatever happens, what is released was inside and approved.

Two tokens of ``p``, which extends ``base``. ``p/file`` is bound to a value in a file, a value of the parent, and a variable
of the caller. ``p/timed`` has a ttl and is bound to another file as it was approved, with a grace.
``KEYBOUND_MODEL=500`` runs 500 sequences instead of a few.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from keybound.custody.context.context import AHEAD, Context
from keybound.custody.release.release import Asked, Released, release
from keybound.custody.rotation.by_hand import refresh
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import accept_clock, approve
from keybound.custody.tokens.expire import evaluate_and_record, expire
from keybound.custody.tokens.remove import remove
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError, StoreLockedError
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import Way
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import PASSPHRASE, make_quickly
from support.rounds import rounds

FILE, TIMED = TokenId("p", "file"), TokenId("p", "timed")
FILE_BINDS = ('file:local#place one_of=["inside", "also"]', "settings.level max=3", 'env:WHERE equals="here"')
TIMED_DEFINITION = """
[tokens.timed]
env = "TIMED"
ttl = "90m"
bound."file:other" = { unchanged = true, grace = "30m" }
"""
TTL, GRACE = timedelta(minutes=90), timedelta(minutes=30)  # clocks move by whole hours, so no sequence ends near these
HALF_WRITTEN = "half-written"
SHARED: dict[str, Any] = {}  # by every sequence: the folder of the file store, and what locks it


class Shifted(Context):
    """A context whose clock can be moved."""

    shift = timedelta()

    def clock(self) -> datetime:
        return super().clock() + self.shift


class Model:
    """What must be true of one token, by the simplest rules."""

    def __init__(self, secret: bytes, now: datetime) -> None:
        self.there, self.stuck, self.approved, self.doubtful = True, False, True, False
        self.secret = secret
        self.times = {"sealed": now, "refreshed": now}  # and "grace" while one runs, as the envelope has them
        self.written = 0  # how often the clock had been accepted then
        self.baseline: str | None = None


class GuardModel(RuleBasedStateMachine):
    """Edits, clocks, restarts and losses, beside the simplest model of what must follow."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "pass").write_bytes(expose_secret(PASSPHRASE))
        self.environ = {"HOME": str(self.root), "WHERE": "here", **self.store_variables()}
        self.shift, self.length, self.floor, self.saved = timedelta(), 0, datetime(2000, 1, 1, tzinfo=UTC), False
        self.environ["XDG_DATA_HOME"] = SHARED["data"]
        self.accepted: list[datetime] = []
        self.kept_accepted: list[datetime] = []
        self.restart()
        self.make_the_store()
        self.profile = Path(self.context.home.profile_path("p"))
        self.parent = self.profile.with_name("base.toml")
        self.profile.parent.mkdir(parents=True)
        self.place: str | None = "inside"
        self.other: str | None = "one"
        self.level: int | None = 1  # None: the parent is broken
        self.write_all()
        files = f'local = "{self.root}/local.toml"\nother = "{self.root}/other"'
        self.profile.write_text(f'extends = "base"\n[files]\n{files}\n')
        self.tokens: dict[TokenId, Model] = {}
        for token in (FILE, TIMED):
            self.add(token)

    def store_variables(self) -> dict[str, str]:
        """What says where the store is, and opens it."""
        return {"KEYBOUND_STORE": "file", "KEYBOUND_PASSWORD_FILE": str(self.root / "pass")}

    def unlock(self) -> None:
        """Open the store again: the passphrase is offered."""

    def make_the_store(self) -> None:
        store = self.context.store
        assert isinstance(store, AgeFileStore)
        if not store.exists():  # homes share a passphrase, never an item
            make_quickly(store)
        SHARED["lock"] = store.lock

    def write_all(self) -> None:
        self.parent.write_text("[settings\n" if self.level is None else f"[settings]\nlevel = {self.level}\n")
        local, other = self.root / "local.toml", self.root / "other"
        for path, text in ((local, self.place), (other, self.other)):
            if path.is_dir():
                path.rmdir()
            path.unlink(missing_ok=True)
            if text == HALF_WRITTEN:
                path.mkdir()
            elif text is not None:
                path.write_text(f'place = "{text}"\n')

    def add(self, token: TokenId) -> None:
        if token is TIMED:
            self.profile.write_text(self.profile.read_text() + TIMED_DEFINITION)
        definition = NewDefinition(FILE, ("FILE",), binds=FILE_BINDS) if token is FILE else NewDefinition(TIMED)
        add(self.context, definition, Secret("first"))
        self.definition = self.profile.read_text()
        self.tokens[token] = Model(b"first", self.clock)
        self.tokens[token].written = len(self.accepted)
        self.rebaseline(self.tokens[token])

    def time(self, one: Model, what: str) -> datetime | None:
        """A time as it reads: no later than any moment at which the clock was accepted since it was written."""
        return min([one.times[what], *self.accepted[one.written :]]) if what in one.times else None

    def write(self, one: Model, **times: datetime | None) -> None:
        """Write the envelope: its times as they read, and these."""
        read = {what: self.time(one, what) for what in one.times} | times
        one.times = {what: at for what, at in read.items() if at is not None}
        one.written = len(self.accepted)

    def rebaseline(self, one: Model) -> None:
        one.baseline = None if self.other == HALF_WRITTEN else self.other
        self.write(one, grace=None)

    # what the model says

    @property
    def clock(self) -> datetime:
        return datetime.now(UTC) + self.shift

    @property
    def latest(self) -> datetime:
        """The latest recorded time: the journal's, and those of the envelopes."""
        there = [one for one in self.tokens.values() if one.there]
        stamps = [self.time(one, what) for one in there for what in ("sealed", "refreshed")]
        return max([self.floor, *(stamp for stamp in stamps if stamp)])

    def in_time(self) -> bool:
        refreshed = self.time(self.tokens[TIMED], "refreshed")
        assert refreshed is not None
        return self.now < refreshed + TTL and self.latest - self.clock <= AHEAD

    @property
    def now(self) -> datetime:
        return max(self.clock, self.latest)

    def outside(self, token: TokenId) -> bool:
        """Whether a binding that expires is outside, on readings that can be read."""
        if self.level is None:
            return False
        if token is FILE:
            return self.place not in ("inside", "also", HALF_WRITTEN) or self.level > 3
        return self.other != HALF_WRITTEN and (self.other is None or self.other != self.tokens[TIMED].baseline)

    def note(self) -> None:
        """The floor, once something was journaled."""
        length = self.context.journal.anchor().length
        if length > self.length:
            self.length, self.floor = length, max(self.floor, self.clock)

    def seen(self) -> None:
        """What an evaluation of the real configuration records."""
        if self.level is None:
            return
        self.seen_out(self.tokens[FILE], self.tokens[FILE].approved and self.outside(FILE))
        self.seen_ended(self.tokens[TIMED])
        one, out = self.tokens[TIMED], self.outside(TIMED)
        since = self.time(one, "grace")
        if one.there and not one.stuck and (since or out):
            if out and since is not None and self.now >= since + GRACE:
                self.seen_out(one, True)
            elif self.in_time() or self.latest - self.clock > AHEAD:  # a clock far behind suspends, it ends nothing
                if out and since is None:
                    self.write(one, grace=self.now)
                elif not out and self.other != HALF_WRITTEN:
                    self.write(one, grace=None)

    def seen_ended(self, one: Model) -> None:
        """A lifetime that was seen to end raises the floor, though nothing was released or recorded."""
        refreshed = self.time(one, "refreshed")
        if one.there and refreshed and self.floor < refreshed + TTL <= self.now and self.latest - self.clock <= AHEAD:
            self.floor = max(self.floor, self.clock)

    def seen_out(self, one: Model, out: bool) -> None:
        if one.there and not one.stuck and out:
            one.stuck = True
            self.write(one)

    def may(self, token: TokenId) -> bool:
        one = self.tokens[token]
        if self.level is None or not one.there or one.stuck or not one.approved:
            return False
        if token is FILE:
            return not self.outside(FILE) and self.place != HALF_WRITTEN and self.environ["WHERE"] == "here"
        return self.in_time() and self.other != HALF_WRITTEN

    # what happens

    @rule(place=st.sampled_from(["inside", "also", "outside", "outside", None, HALF_WRITTEN]))
    def edit(self, place: str | None) -> None:
        self.place = place
        self.write_all()

    @rule(other=st.sampled_from(["one", "two", "two", None, HALF_WRITTEN]))
    def edit_the_other(self, other: str | None) -> None:
        self.other = other
        self.write_all()

    @rule(level=st.sampled_from([1, 2, 9, None]))
    def edit_the_parent(self, level: int | None) -> None:
        self.level = level
        self.write_all()

    @rule(where=st.sampled_from(["here", "there"]))
    def go(self, where: str) -> None:
        self.environ["WHERE"] = where

    @precondition(lambda self: self.tokens[FILE].there)
    @rule()
    def change_the_definition_from_outside(self) -> None:
        one, other = sorted(('env = "FILE"', 'env = "ANOTHER"'), key=self.definition.find, reverse=True)
        self.profile.write_text(self.definition.replace(one, other))
        self.tokens[FILE].approved = False

    @rule()
    def restore_the_definition(self) -> None:
        self.profile.write_text(self.definition)
        self.tokens[FILE].approved = True

    @rule()
    def somebody_looks(self) -> None:
        evaluate_and_record(self.context, ["p"])
        self.seen()

    @rule(token=st.sampled_from([FILE, TIMED]))
    def owner_approves(self, token: TokenId) -> None:
        one = self.tokens[token]
        out = self.level is not None and (self.outside(FILE) if token is FILE else self.other is None)
        try:
            approve(self.context, token)
        except RefusedError:
            assert out or (token is TIMED and not self.in_time()), "only a new secret lives longer"
        except (NotFoundError, BadInputError):
            assert self.level is None or not one.there
        else:
            assert not out
            assert one.there
            one.stuck, one.approved, one.doubtful = False, True, False
            self.write(one, sealed=self.clock)
            self.rebaseline(one)
            self.definition = self.profile.read_text() if token is FILE else self.definition

    @precondition(lambda self: self.level is not None)
    @rule(token=st.sampled_from([FILE, TIMED]), secret=st.binary(min_size=1).filter(lambda value: 0 not in value))
    def owner_refreshes(self, token: TokenId, secret: bytes) -> None:
        one = self.tokens[token]
        out = self.outside(FILE) if token is FILE else self.other is None
        try:
            refresh(self.context, token, Secret(secret))
        except RefusedError:
            assert out or not one.approved or one.doubtful
        except NotFoundError:
            assert not one.there
        else:
            assert one.approved
            assert not out
            one.stuck, one.secret = False, secret
            self.write(one, sealed=self.clock, refreshed=self.clock)
            self.rebaseline(one)

    @precondition(lambda self: self.level is not None)
    @rule(token=st.sampled_from([FILE, TIMED]))
    def owner_expires(self, token: TokenId) -> None:
        if self.tokens[token].there:
            expire(self.context, token)
            self.tokens[token].stuck = True
            self.write(self.tokens[token], grace=None)

    @precondition(lambda self: self.level is not None and self.tokens[FILE].approved)
    @rule(token=st.sampled_from([FILE, TIMED]))
    def owner_removes_or_adds_again(self, token: TokenId) -> None:
        if self.tokens[token].there:
            remove(self.context, token)
            self.tokens[token].there = False
            self.definition = self.profile.read_text()
        else:
            self.add(token)

    @rule(hours=st.sampled_from([1, 2, -1, -2, 30, -30, 24 * 400]))
    def clock_moves(self, hours: int) -> None:
        self.shift += timedelta(hours=hours)

    @rule()
    def clock_is_right_again(self) -> None:
        self.shift = timedelta()

    @rule()
    def owner_accepts_the_clock(self) -> None:
        accept_clock(self.context)
        self.length, self.floor = self.context.journal.anchor().length, self.clock
        self.accepted.append(self.clock)

    @rule()
    def restart(self) -> None:
        self.context = Shifted(self.environ, self.folder.name)
        self.context.shift = self.shift

    @rule()
    def somebody_looks_while_the_store_is_locked(self) -> None:
        self.context.store.lock()
        locked = {name: value for name, value in self.environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
        context = Shifted(locked, self.folder.name)
        context.shift = self.shift
        try:
            evaluate_and_record(context, ["p"])
        except StoreLockedError:
            context.state.close()
        else:
            raise AssertionError("a locked store answered")
        self.unlock()
        one = self.tokens[FILE]
        one.stuck = one.stuck or (one.there and one.approved and self.outside(FILE))

    # what is seldom found by single steps

    @precondition(lambda self: self.level is not None)
    @rule()
    def outside_only_while_the_store_is_locked(self) -> None:
        self.edit("outside")
        self.somebody_looks_while_the_store_is_locked()
        self.edit("inside")

    @precondition(lambda self: self.level is not None)
    @rule()
    def a_grace_begins_is_over_and_begins_again(self) -> None:
        self.edit_the_other("one")
        self.owner_refreshes(TIMED, b"before its grace")
        for other in ("two", "one"):
            self.edit_the_other(other)
            self.somebody_looks()
            self.note()
        self.clock_moves(1)
        self.context.shift = self.shift
        self.edit_the_other("two")

    @precondition(lambda self: self.level is not None)
    @rule()
    def refreshed_by_a_wrong_clock_that_is_mended(self) -> None:
        was = self.shift
        self.shift = self.context.shift = was + timedelta(hours=20)
        self.owner_refreshes(TIMED, b"by a wrong clock")
        self.note()
        self.shift = self.context.shift = was
        self.owner_accepts_the_clock()
        self.shift = self.context.shift = was + timedelta(hours=3)

    def state_files(self) -> list[Path]:
        self.context.state.close()
        return list(Path(self.context.home.state).glob("state.db*"))

    def forget_what_was_accepted(self, accepted: list[datetime]) -> None:
        """Only the state knows when the clock was accepted; without it an envelope's own times count."""
        self.accepted = accepted
        for one in self.tokens.values():
            one.doubtful = True

    @rule()
    def lose_the_state(self) -> None:
        for left in self.state_files():
            os.unlink(left)
        self.forget_what_was_accepted([datetime.max.replace(tzinfo=UTC) for _ in self.accepted])

    @rule()
    def keep_a_copy_of_the_state(self) -> None:
        self.saved, self.kept_accepted = True, list(self.accepted)
        kept = self.root / "kept"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        for path in self.state_files():
            shutil.copy(path, kept)

    @precondition(lambda self: self.saved)
    @rule()
    def roll_the_state_back(self) -> None:
        for left in self.state_files():
            os.unlink(left)
        for path in (self.root / "kept").iterdir():
            shutil.copy(path, self.context.home.state)
        forgotten = [datetime.max.replace(tzinfo=UTC) for _ in self.accepted[len(self.kept_accepted) :]]
        self.forget_what_was_accepted(self.kept_accepted + forgotten)

    @invariant()
    def only_what_may_leave_leaves(self) -> None:
        if not hasattr(self, "tokens"):
            return
        self.context.shift = self.shift
        self.note()
        released = self.released()
        self.seen()
        for token, one in self.tokens.items():
            names = [name for name, (id_, _) in released.items() if id_ == str(token)]
            assert not names or self.may(token), f"{token} was released"
            assert names or one.doubtful or not self.may(token), f"{token} was withheld"
            assert all(expose_secret(released[name][1]) == one.secret for name in names)
        self.note()

    def released(self) -> dict[str, tuple[str, Secret]]:
        try:
            found: Released = release(self.context, "p", Asked(Way.SHELL, {"program": "model"}))
        except BadInputError:
            assert self.level is None
            return {}
        return dict(found.variables)

    def teardown(self) -> None:
        if hasattr(self, "context"):
            self.context.state.close()
            self.folder.cleanup()


@pytest.fixture(autouse=True)
def _quick_files_and_one_store() -> Iterator[None]:
    """Files rest after 30 ms instead of 300, so that more can be tried."""
    with patch.object(guard, "SETTLE_NS", 30_000_000), tempfile.TemporaryDirectory() as SHARED["data"]:
        yield
        SHARED["lock"]()


TestGuardModel = GuardModel.TestCase
TestGuardModel.settings = settings(
    max_examples=rounds(7, 2, "KEYBOUND_MODEL"),
    stateful_step_count=rounds(20, 6),
    deadline=None,
    derandomize="KEYBOUND_MODEL" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
