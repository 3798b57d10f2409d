"""A stateful model of the guard and custody on a real home: whatever happens, what is released was inside and approved."""

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from keybound.custody.add import NewDefinition, add
from keybound.custody.approve import approve
from keybound.custody.expire import expire, look
from keybound.custody.keeper import Keeper
from keybound.custody.release import Asked, release
from keybound.custody.upkeep import refresh
from keybound.domain.errors import Refused
from keybound.domain.names import parse_token_id
from keybound.domain.secret import Secret, unwrap
from keybound.domain.states import Way
from keybound.stores.age_file import AgeFileStore

TOKEN = parse_token_id("p/t")
OLD = 1_600_000_000


class GuardModel(RuleBasedStateMachine):
    """Edits, deletions, reverts, approvals, refreshes and restarts, beside the simplest model of what must follow."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        (root / "pass").write_text("pw")
        self.environ = {"HOME": str(root), "KEYBOUND_STORE": "file", "KEYBOUND_PASSWORD_FILE": str(root / "pass")}
        self.restart()
        assert isinstance(self.keeper.store, AgeFileStore)
        self.keeper.store.create(Secret("pw"))
        self.profile = Path(self.keeper.home.profile_path("p"))
        self.profile.parent.mkdir(parents=True)
        self.local = root / "local.toml"
        self.definition = ""
        self.put("inside")
        self.profile.write_text(f'[files]\nlocal = "{self.local}"\n')
        bind = 'file:local#place one_of=["inside", "also"]'
        self.inside, self.stuck, self.approved = True, False, True
        add(self.keeper, NewDefinition(TOKEN, ("T",), binds=(bind,)), Secret("one"))
        self.definition = self.profile.read_text()
        self.secret = b"one"

    def put(self, place: str) -> None:
        self.local.write_text(f'place = "{place}"\n')
        self.local.touch()

    @rule(place=st.sampled_from(["inside", "also", "outside"]))
    def edit(self, place: str) -> None:
        self.put(place)
        self.inside = place != "outside"

    @rule()
    def delete(self) -> None:
        self.local.unlink(missing_ok=True)
        self.inside = False

    @rule()
    def change_the_definition_from_outside(self) -> None:
        here, there = ('"T"', '"OTHER"') if 'env = "T"' in self.definition else ('"OTHER"', '"T"')
        self.profile.write_text(self.definition.replace(f"env = {here}", f"env = {there}"))
        self.approved = False

    @rule()
    def restore_the_definition(self) -> None:
        self.profile.write_text(self.definition)
        self.approved = True

    @rule()
    def somebody_looks(self) -> None:
        look(self.keeper, ["p"])
        self.stuck = self.stuck or (self.approved and not self.inside)

    @rule()
    def owner_approves(self) -> None:
        try:
            approve(self.keeper, TOKEN)
        except Refused:
            assert not self.inside
            return
        assert self.inside
        self.stuck, self.approved = False, True
        self.definition = self.profile.read_text()

    @rule()
    def owner_expires(self) -> None:
        expire(self.keeper, TOKEN)
        self.stuck = True

    @rule(secret=st.binary(min_size=1, max_size=20).filter(lambda value: b"\0" not in value))
    def owner_refreshes(self, secret: bytes) -> None:
        try:
            refresh(self.keeper, TOKEN, Secret(secret))
        except Refused:
            assert not (self.inside and self.approved)
            return
        assert self.inside
        assert self.approved
        self.stuck, self.secret = False, secret

    @rule()
    def restart(self) -> None:
        self.keeper = Keeper(self.environ, self.folder.name)

    @precondition(lambda self: bool(self.definition))
    @rule()
    def lose_the_state(self) -> None:
        self.keeper.state.close()
        for left in Path(self.keeper.home.state).glob("state.db*"):
            os.unlink(left)
        self.restart()

    @invariant()
    def only_what_may_leave_leaves(self) -> None:
        if not getattr(self, "definition", ""):
            return
        released = release(self.keeper, "p", Asked(Way.SHELL, {"program": "model"}))
        self.stuck = self.stuck or (self.approved and not self.inside)
        may = self.inside and self.approved and not self.stuck
        assert bool(released.variables) is may
        for _, secret in released.variables.values():
            assert unwrap(secret) == self.secret

    def teardown(self) -> None:
        if hasattr(self, "keeper"):
            self.keeper.state.close()
            self.keeper.store.lock()
            self.folder.cleanup()


TestGuardModel = GuardModel.TestCase
TestGuardModel.settings = settings(
    max_examples=6, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
