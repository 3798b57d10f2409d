"""An envelope of another token, home or part, or an older one, put into the store by hand, is refused."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.domain.secret import Secret, unwrap
from keybound.stores.age_file import AgeFileStore
from keybound.stores.base import Item, SecretStore
from keybound.stores.home_tag import home_tag
from support.secret_service import private_bus
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
GITHUB, OTHER = Item("staging", "github", "token"), Item("staging", "other", "token")


@pytest.fixture(params=["file", "keyring"])
def kept(
    request: pytest.FixtureRequest,
    keybound: Run,
    environ: dict[str, str],
    profiles: Path,
    home: Path,
    tmp_path: Path,
) -> Iterator[tuple[Run, SecretStore]]:
    """The installed command on a furnished home with two tokens, and its store as somebody else may write to it."""
    tag = home_tag(str(home / ".config" / "keybound"))
    if request.param == "file":
        furnish(keybound, profiles, home)
        store = AgeFileStore(str(home / ".local/share/keybound/store"), tag, environ)
        yield two(keybound), store
        return
    with private_bus(tmp_path / "run") as bus:
        bus.start_keyring()
        meets = {name: bus.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}

        def run(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
            return keybound(*arguments, given=given, more={**meets, "KEYBOUND_STORE": "keyring"})

        furnish(run, profiles, home)
        yield two(run), bus.store(tag)


def two(run: Run) -> Run:
    assert run("add", "staging/other", "--env", "OTHER", given=b"of the other\n").returncode == 0
    return run


def edited(text: Secret, **fields: object) -> Secret:
    return Secret(json.dumps({**json.loads(unwrap(text)), **fields}))


def refused(run: Run, state: str = "unapproved") -> None:
    """github is withheld, other is as before; a look or an edit mends nothing."""
    for _ in range(2):
        given = run("env", "staging", "--shell", "json")
        assert (given.returncode, json.loads(given.stdout)) == (1, {"OTHER": "of the other"})
        rows = {row["id"]: row["state"] for row in json.loads(run("list", "--json").stdout)}
        assert rows == {"staging/github": state, "staging/other": "active"}
        assert run("bind", "staging/github", "cwd", "exists=true").returncode == 0


def test_another_tokens(kept: tuple[Run, SecretStore]) -> None:
    run, store = kept
    store.write(GITHUB, store.read([OTHER])[OTHER])
    refused(run)


@pytest.mark.parametrize(
    "fields", [{"home": "/other/.config/keybound"}, {"part": "previous"}, {"id": "prod/github"}, {"epoch": "9"}]
)
def test_another_homes_or_parts_or_a_damaged_one(kept: tuple[Run, SecretStore], fields: dict[str, object]) -> None:
    run, store = kept
    store.write(GITHUB, edited(store.read([GITHUB])[GITHUB], **fields))
    refused(run)
    again = run("add", "staging/github", given=b"a new one\n")
    assert again.returncode == 1
    assert b"cannot be read" in again.stderr


@pytest.mark.parametrize("fields", [{"format": 2}, {"sticky": {"state": "hibernating", "why": "w", "at": ""}}])
def test_one_that_this_version_does_not_know_is_suspended_and_kept(
    kept: tuple[Run, SecretStore], fields: dict[str, object]
) -> None:
    run, store = kept
    newer = edited(store.read([GITHUB])[GITHUB], **fields)
    store.write(GITHUB, newer)
    given = run("env", "staging", "--shell", "json")
    assert (given.returncode, json.loads(given.stdout)) == (1, {"OTHER": "of the other"})
    assert b"(suspended)" in given.stderr
    if "format" in fields:
        assert run("add", "staging/github", given=b"a new one\n").returncode == 1
        assert store.read([GITHUB])[GITHUB] == newer


def test_an_older_one(kept: tuple[Run, SecretStore]) -> None:
    run, store = kept
    older = store.read([GITHUB])[GITHUB]
    assert run("expire", "staging/github", "--yes").returncode == 0
    store.write(GITHUB, older)
    refused(run)
    assert b"older copy" in run("why", "staging/github").stdout
    assert run("profile", "rename", "staging", "stage").returncode == 0
    given = run("env", "stage", "--shell", "json")
    assert (given.returncode, CANARY in given.stdout) == (1, False)


def test_an_approved_older_one_is_newer_than_what_it_replaced(kept: tuple[Run, SecretStore]) -> None:
    run, store = kept
    older = store.read([GITHUB])[GITHUB]
    assert run("refresh", "staging/github", given=b"second\n").returncode == 0
    replaced = store.read([GITHUB])[GITHUB]
    store.write(GITHUB, older)
    assert run("approve", "staging/github", "--yes").returncode == 0
    assert CANARY in run("env", "staging", "--shell", "json").stdout
    store.write(GITHUB, replaced)
    refused(run)


def test_a_removed_one_that_comes_back(kept: tuple[Run, SecretStore], profiles: Path, home: Path) -> None:
    run, store = kept
    gone, text = store.read([GITHUB])[GITHUB], (profiles / "staging.toml").read_text()
    for left in (home / ".local/state/keybound").glob("state.db*"):
        left.unlink()  # also where the state had forgotten the token before it was removed
    assert run("remove", "staging/github", "--yes").returncode == 0
    store.write(GITHUB, gone)
    (profiles / "staging.toml").write_text(text)
    given = run("env", "staging", "--shell", "json")
    assert (given.returncode, json.loads(given.stdout)) == (1, {"OTHER": "of the other"})
    assert b"older copy" in given.stderr
