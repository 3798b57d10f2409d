"""SIGKILL at each step of a move between stores, of a new passphrase and of a new key: nothing is lost, and it goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.custody.store_change import move_store
from keybound.stores.age import store_keys
from support.killing import killed_at, killed_instead
from support.staging import CANARY, Run, furnish
from support.tried import Tried
from support.two_stores import TwoStores, two_stores

GIVEN = {"GITHUB_TOKEN": CANARY.decode()}
MOVE = "keybound.custody.store_change.move_store"
KEYS = "keybound.stores.age.store_keys"


@pytest.fixture
def stores(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path) -> Iterator[TwoStores]:
    with two_stores(keybound, environ, profiles, home, tmp_path / "run") as made:
        yield made


@pytest.mark.parametrize(("step", "nth"), [*((one, 1) for one in move_store.STEPS), ("copied", 2), ("deleted", 2)])
def test_a_move(stores: TwoStores, step: str, nth: int, tried: Tried) -> None:
    before = stores.items("file")
    words = ("store", "move", "file", "keyring", "--yes")
    assert killed_at(stores.environ, MOVE, step, nth, *words)
    assert stores.released() == GIVEN
    assert before <= stores.items("file") | stores.items("keyring")
    if step != "ended":
        assert b"store move file keyring" in stores.run("status").stdout
        assert stores.run(*words).returncode == 0
    assert (stores.items("file"), stores.items("keyring"), stores.in_use()) == (set(), before, "keyring")
    assert stores.released() == GIVEN
    tried("killed while secrets move to the keyring", 1)


def test_a_change_between_the_kill_and_the_rest_goes_along(stores: TwoStores) -> None:
    words = ("store", "move", "file", "keyring", "--yes")
    assert killed_at(stores.environ, MOVE, "copied", 3, *words)
    assert stores.run("refresh", "staging/github", given=b"fresh\n").returncode == 0
    assert stores.run("remove", "staging/old", "--yes").returncode == 0
    assert stores.run("add", "staging/new", "--env", "NEW", given=b"a new one\n").returncode == 0
    before = stores.items("file")
    assert stores.run(*words).returncode == 0
    assert stores.items("keyring") == before
    assert stores.released() == {"GITHUB_TOKEN": "fresh", "NEW": "a new one"}


def test_a_move_that_has_not_switched_can_be_cancelled(stores: TwoStores) -> None:
    assert killed_at(stores.environ, MOVE, "copied", 2, "store", "move", "file", "keyring", "--yes")
    assert len(stores.items("keyring")) == 2
    done = stores.run("store", "move", "file", "keyring", "--cancel")
    assert (done.returncode, stores.items("keyring")) == (0, set()), done.stderr
    assert b"2 copies deleted" in done.stdout
    assert b"store move" not in stores.run("status").stdout
    assert stores.run("store", "move", "file", "keyring", "--cancel").returncode == 1


def test_a_removal_after_the_switch_is_no_loss(stores: TwoStores) -> None:
    assert killed_at(stores.environ, MOVE, "switched", 1, "store", "move", "file", "keyring", "--yes")
    assert stores.run("remove", "staging/old", "--yes").returncode == 0
    done = stores.run("store", "move", "file", "keyring", "--yes")
    assert (done.returncode, done.stderr) == (0, b"")
    assert stores.items("file") == set()


def test_what_the_new_store_has_lost_since_stays_in_the_former_one(stores: TwoStores) -> None:
    assert killed_at(stores.environ, MOVE, "switched", 1, "store", "move", "file", "keyring", "--yes")
    lost = next(one for one in stores.items("file") if one.name == "github")
    stores.stores["keyring"].delete(lost)
    done = stores.run("store", "move", "file", "keyring", "--yes")
    assert b"staging/github is left in encrypted files" in done.stderr
    assert stores.items("file") == {lost}


@pytest.mark.parametrize(("step", "nth"), [*((one, 1) for one in store_keys.STEPS), ("resealed", 2)])
def test_a_new_key(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, step: str, nth: int, tried: Tried
) -> None:
    furnish(keybound, profiles, home)
    assert keybound("add", "staging/other", "--env", "OTHER", given=b"of the other\n").returncode == 0
    assert killed_at(environ, KEYS, step, nth, "store", "rekey")
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout
    assert keybound("refresh", "staging/github", given=b"fresh\n").returncode == 0
    if step not in ("alone", "ended"):
        assert b"keybound store rekey" in keybound("status").stdout
    assert keybound("store", "rekey").returncode == 0
    assert b"rekey" not in keybound("status").stdout
    keybound("lock")
    assert b"fresh" in keybound("env", "staging", "--shell", "json").stdout
    tried("killed while the file store gets a new key", 1)


def test_a_new_passphrase(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, tried: Tried
) -> None:
    furnish(keybound, profiles, home)
    new = tmp_path / "new"
    new.write_text("battery staple\n")
    place = "keybound.stores.atomic"
    words = ("store", "passwd", "--new-password-file", str(new))
    for name in ("stage", "sync_dir"):
        assert killed_instead(environ, place, name, *words)
        opened = []
        for file in (environ["KEYBOUND_PASSWORD_FILE"], str(new)):
            keybound("lock")
            given = keybound("env", "staging", "--shell", "json", more={"KEYBOUND_PASSWORD_FILE": file})
            opened.append(CANARY in given.stdout)
        assert opened == ([True, False] if name == "stage" else [False, True])
    tried("killed while the passphrase changes", 2)
