"""While the store is locked: what would expire a token is kept, holds at once, and is recorded when the store opens."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.shells import Terminal
from support.staging import CANARY, REST, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
LOCKED = {"KEYBOUND_PASSWORD_FILE": ""}


@pytest.fixture
def kube(keybound: Run, profiles: Path, home: Path) -> Path:
    """The bound file of a furnished home whose token was seen active; the store is locked for whoever has LOCKED."""
    furnish(keybound, profiles, home)
    assert states(keybound) == {"staging/github": "active"}
    assert keybound("lock").returncode == 0
    return home / "kube.yaml"


def states(keybound: Run) -> dict[str, str]:
    done = keybound("list", "--json")
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


def last_known(keybound: Run, **more: str) -> list[dict[str, object]]:
    done = keybound("list", "--json", more={**LOCKED, **more})
    assert done.returncode == 3
    assert b"keybound unlock" in done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def known(state: str) -> list[dict[str, object]]:
    return [{"id": "staging/github", "profile": "staging", "name": "github", "state": state, "stale": True}]


def there_and_back(keybound: Run, file: Path, *, look: bool) -> None:
    before = file.read_text()
    file.write_text(before.replace("staging", "prod"))
    time.sleep(REST)
    if look:
        last_known(keybound)
    file.write_text(before)
    time.sleep(REST)


@pytest.mark.parametrize("looker", [("list",), ("why", "staging/github"), ("env", "staging", "--shell", "bash")])
def test_a_file_moved_out_and_back_expires_the_token(keybound: Run, kube: Path, looker: tuple[str, ...]) -> None:
    kube.write_text("current-context: prod\n")
    time.sleep(REST)
    assert keybound(*looker, more=LOCKED).returncode == 3
    kube.write_text("current-context: staging\n")
    time.sleep(REST)
    assert last_known(keybound) == known("expired")
    given = keybound("env", "staging", "--shell", "bash")
    assert (given.returncode, given.stdout) == (1, b"")
    assert b"current-context was prod on" in given.stderr
    assert b"it is staging now" in given.stderr
    assert b'"expired"' in keybound("log", "--json").stdout
    assert states(keybound) == {"staging/github": "expired"}
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert states(keybound) == {"staging/github": "active"}


def test_a_change_put_back_before_anyone_looked_expires_nothing(keybound: Run, kube: Path) -> None:
    there_and_back(keybound, kube, look=False)
    assert last_known(keybound) == known("active")
    assert states(keybound) == {"staging/github": "active"}


def test_a_flag_of_the_profile_and_a_lost_role_expire_too(keybound: Run, kube: Path, profiles: Path) -> None:
    path = profiles / "staging.toml"
    assert keybound("profile", "set", "staging", "roles.active", '["deployer"]', "--yes").returncode == 0
    assert keybound("profile", "set", "staging", "roles.grants.deployer", '["repo:read"]', "--yes").returncode == 0
    added = keybound("add", "staging/scoped", "--env", "S", "--scope", "repo:read", given=b"second\n")
    assert added.returncode == 0, added.stderr
    assert set(states(keybound).values()) == {"active"}
    keybound("lock")
    before = path.read_text()
    path.write_text(before.replace('active = ["deployer"]', "active = []").replace("writes = false", "writes = true"))
    time.sleep(REST)
    last_known(keybound)
    path.write_text(before)
    time.sleep(REST)
    assert states(keybound) == {"staging/github": "expired", "staging/scoped": "expired"}


@pytest.mark.parametrize(
    ("old", "new"),
    [('"dev"]', '"eve"]'), ("~/kube.yaml", "~/other.yaml"), ("outside", "outside")],
)
def test_only_what_is_sealed_can_expire(
    keybound: Run, kube: Path, profiles: Path, home: Path, old: str, new: str
) -> None:
    """A definition changed from outside judges nobody; the last case is the file alone, which does."""
    path = profiles / "staging.toml"
    before = path.read_text()
    path.write_text(before.replace(old, new))
    there_and_back(keybound, kube, look=True)
    path.write_text(before)
    time.sleep(REST)
    assert states(keybound) == {"staging/github": "active" if new != "outside" else "expired"}


def test_grants_changed_from_outside_expire_nothing(keybound: Run, kube: Path, profiles: Path) -> None:
    path = profiles / "staging.toml"
    keybound("profile", "set", "staging", "roles.active", '["deployer"]', "--yes")
    keybound("profile", "set", "staging", "roles.grants.deployer", '["repo:read"]', "--yes")
    keybound("add", "staging/scoped", "--env", "S", "--scope", "repo:read", given=b"second\n")
    assert set(states(keybound).values()) == {"active"}
    keybound("lock")
    before = path.read_text()
    path.write_text(before.replace('deployer = ["repo:read"]', "deployer = []"))
    time.sleep(REST)
    last_known(keybound)
    path.write_text(before)
    time.sleep(REST)
    assert set(states(keybound).values()) == {"active"}


def test_a_context_key_is_nobody_elses(keybound: Run, kube: Path) -> None:
    bound = keybound("bind", "staging/github", "env:AWS_PROFILE", "absent=true")
    assert bound.returncode == 0, bound.stderr
    outside = {"AWS_PROFILE": "prod"}
    assert keybound("env", "staging", "--shell", "bash", more=outside).returncode == 1
    keybound("lock")
    assert last_known(keybound, **outside) == known("active")
    assert states(keybound) == {"staging/github": "active"}


def test_an_editor_that_truncates_and_writes_expires_nothing(keybound: Run, kube: Path) -> None:
    text = kube.read_text()
    for _ in range(3):
        writer = subprocess.Popen(["sh", "-c", f': > "{kube}"; sleep 0.15; printf %s "{text}" > "{kube}"'])
        last_known(keybound)
        writer.wait()
    time.sleep(REST)
    assert states(keybound) == {"staging/github": "active"}


def test_an_unreadable_file_expires_nothing(keybound: Run, kube: Path) -> None:
    text = kube.read_text()
    kube.write_text("current-context: [\n")
    time.sleep(REST)
    last_known(keybound)
    kube.write_text(text)
    time.sleep(REST)
    assert states(keybound) == {"staging/github": "active"}


@pytest.mark.parametrize(
    "edit", [("bind", "staging/github", "cwd", "exists=true"), ("profile", "rename", "staging", "stage")]
)
def test_an_edit_made_before_anyone_looks_again_does_not_lose_it(
    keybound: Run, kube: Path, edit: tuple[str, ...]
) -> None:
    there_and_back(keybound, kube, look=True)
    done = keybound(*edit)
    assert done.returncode == 0, done.stderr
    assert list(states(keybound).values()) == ["expired"]


def test_a_state_that_was_lost_learns_again_what_is_sealed(keybound: Run, kube: Path, home: Path) -> None:
    for left in (home / ".local" / "state" / "keybound").glob("state.db*"):
        left.unlink()
    assert states(keybound) == {"staging/github": "active"}
    keybound("lock")
    there_and_back(keybound, kube, look=True)
    assert states(keybound) == {"staging/github": "expired"}


def test_a_shell_drops_what_left_its_bounds_and_keeps_the_rest(
    keybound: Run, environ: dict[str, str], kube: Path
) -> None:
    assert keybound("add", "staging/other", "--env", "OTHER", given=b"stays\n").returncode == 0
    keybound("use", "staging")
    password = Path(environ["KEYBOUND_PASSWORD_FILE"])
    terminal = Terminal("bash", environ)
    try:
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
        password.rename(password.with_suffix(".away"))
        keybound("lock", more=LOCKED)
        assert (terminal.variable("GITHUB_TOKEN"), terminal.variable("OTHER")) == (CANARY.decode(), "stays")
        kube.write_text("current-context: prod\n")
        terminal.do("true")
        terminal.do("true")
        assert (terminal.variable("GITHUB_TOKEN"), terminal.variable("OTHER")) == ("unset", "stays")
    finally:
        terminal.close()
        os.rename(password.with_suffix(".away"), password)


def test_a_shell_sees_a_broken_profile_mended(
    keybound: Run, environ: dict[str, str], kube: Path, profiles: Path
) -> None:
    keybound("use", "staging")
    terminal = Terminal("bash", environ)
    try:
        path = profiles / "staging.toml"
        text = path.read_text()
        path.write_text("[flags\n")
        terminal.do("true")
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == "unset"
        path.write_text(text)
        terminal.do("true")
        terminal.do("true")
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
    finally:
        terminal.close()
