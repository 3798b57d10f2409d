"""An envelope of another token, home or part, or an older one, put into the store by hand, is refused."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import SecretStore
from keybound.stores.keyring.home_tag import home_tag
from support.envelopes import GITHUB, OTHER, edited, text_of
from support.secret_service import private_bus
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


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
    store.write(GITHUB, text_of(store, OTHER))
    refused(run)


@pytest.mark.parametrize(
    "fields", [{"home": "/other/.config/keybound"}, {"part": "previous"}, {"id": "prod/github"}, {"epoch": "9"}]
)
def test_another_homes_or_parts_or_a_damaged_one(kept: tuple[Run, SecretStore], fields: dict[str, object]) -> None:
    run, store = kept
    store.write(GITHUB, edited(text_of(store, GITHUB), **fields))
    refused(run)
    again = run("add", "staging/github", given=b"a new one\n")
    assert again.returncode == 1
    assert b"cannot be read" in again.stderr


def test_a_file_that_is_damaged_or_of_another_store(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    two(keybound)
    folder = home / ".local/share/keybound/store/staging"
    file, another = folder / "github.age", (folder / "other.age").read_bytes()
    whole = file.read_bytes()
    for damaged in (whole[:-1], b"", b"no age file", another):
        file.write_bytes(damaged)
        refused(keybound)
    assert str(file).encode() in keybound("why", "staging/github").stdout
    for change in (("add",), ("refresh",), ("approve", "--yes"), ("expire", "--yes")):
        done = keybound(change[0], "staging/github", *change[1:], given=b"a new one\n")
        assert (done.returncode, file.read_bytes()) == (1, another)
        assert b"github cannot be read" in done.stderr
    file.write_bytes(whole)
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout


@pytest.mark.parametrize("fields", [{"format": 2}, {"sticky": {"state": "hibernating", "why": "w", "at": ""}}])
def test_one_that_this_version_does_not_know_is_suspended_and_kept(
    kept: tuple[Run, SecretStore], fields: dict[str, object]
) -> None:
    run, store = kept
    newer = edited(text_of(store, GITHUB), **fields)
    store.write(GITHUB, newer)
    given = run("env", "staging", "--shell", "json")
    assert (given.returncode, json.loads(given.stdout)) == (1, {"OTHER": "of the other"})
    assert b"(suspended)" in given.stderr
    if "format" in fields:
        assert run("add", "staging/github", given=b"a new one\n").returncode == 1
        assert text_of(store, GITHUB) == newer


def test_an_older_one(kept: tuple[Run, SecretStore]) -> None:
    run, store = kept
    older = text_of(store, GITHUB)
    assert run("expire", "staging/github", "--yes").returncode == 0
    store.write(GITHUB, older)
    refused(run)
    assert b"older copy" in run("why", "staging/github").stdout
    assert run("profile", "rename", "staging", "stage").returncode == 0
    given = run("env", "stage", "--shell", "json")
    assert (given.returncode, CANARY in given.stdout) == (1, False)


def test_an_approved_older_one_is_newer_than_what_it_replaced(kept: tuple[Run, SecretStore]) -> None:
    run, store = kept
    older = text_of(store, GITHUB)
    assert run("refresh", "staging/github", given=b"second\n").returncode == 0
    replaced = text_of(store, GITHUB)
    store.write(GITHUB, older)
    assert run("approve", "staging/github", "--yes").returncode == 0
    assert CANARY in run("env", "staging", "--shell", "json").stdout
    store.write(GITHUB, replaced)
    refused(run)


def test_a_removed_one_that_comes_back(kept: tuple[Run, SecretStore], profiles: Path, home: Path) -> None:
    run, store = kept
    gone, text = text_of(store, GITHUB), (profiles / "staging.toml").read_text()
    for left in (home / ".local/state/keybound").glob("state.db*"):
        left.unlink()  # also where the state had forgotten the token before it was removed
    assert run("remove", "staging/github", "--yes").returncode == 0
    store.write(GITHUB, gone)
    (profiles / "staging.toml").write_text(text)
    given = run("env", "staging", "--shell", "json")
    assert (given.returncode, json.loads(given.stdout)) == (1, {"OTHER": "of the other"})
    assert b"older copy" in given.stderr
