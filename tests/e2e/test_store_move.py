"""Everything moves to the other store and back, between files and a real keyring."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.domain.text.secret import Secret
from support.staging import CANARY
from support.two_stores import Run, TwoStores, two_stores

GIVEN = {"GITHUB_TOKEN": CANARY.decode()}


@pytest.fixture
def stores(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path) -> Iterator[TwoStores]:
    with two_stores(keybound, environ, profiles, home, tmp_path / "run") as made:
        yield made


def test_there_and_back(stores: TwoStores) -> None:
    before = stores.items("file")
    assert len(before) == 2
    for source, target in (("file", "keyring"), ("keyring", "file")):
        done = stores.run("store", "move", source, target, "--yes")
        assert done.returncode == 0, done.stderr
        assert f"{len(before)} items moved" in done.stdout.decode()
        assert (stores.items(source), stores.items(target)) == (set(), before)
        assert stores.in_use() == target
        assert stores.released() == GIVEN
        assert b"expired" in stores.run("list").stdout, "an expiry goes along"
    assert stores.run("log", "--verify").returncode == 0
    assert stores.run("log").stdout.count(b"store-moved") == 2


def test_a_file_store_is_made_with_the_passphrase_that_is_offered(stores: TwoStores, home: Path) -> None:
    assert stores.run("store", "move", "file", "keyring", "--yes").returncode == 0
    (home / ".local/share/keybound/store/identity.age").unlink()
    assert stores.run("store", "move", "keyring", "file", "--yes").returncode == 0
    assert stores.released() == GIVEN


def test_it_has_to_be_confirmed(stores: TwoStores) -> None:
    done = stores.run("store", "move", "file", "keyring")
    assert (done.returncode, stores.items("keyring")) == (1, set())
    assert b"needs confirmation" in done.stderr


def test_a_locked_target_stops_it_whole(stores: TwoStores) -> None:
    stores.stores["keyring"].lock()
    before = stores.items("file")
    done = stores.run("store", "move", "file", "keyring", "--yes")
    assert done.returncode == 3
    assert b"locked" in done.stderr
    assert (stores.items("file"), stores.in_use(), stores.released()) == (before, "file", GIVEN)


def test_a_variable_that_decides_is_no_move(stores: TwoStores, keybound: Run) -> None:
    done = keybound("store", "move", "file", "keyring", "--yes")
    assert done.returncode == 1
    assert b"KEYBOUND_STORE=file decides" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("keyring", "file"), "the store in use is file, not keyring"),
        (("file", "file"), "both stores are the same"),
        (("file", "cloud"), "cloud"),
    ],
)
def test_what_cannot_be_moved_is_said(stores: TwoStores, words: tuple[str, str], said: str) -> None:
    done = stores.run("store", "move", *words, "--yes")
    assert done.returncode in (1, 2)
    assert said in done.stderr.decode()
    assert stores.released() == GIVEN


def test_what_the_target_has_of_this_home_is_not_written_over_unasked(stores: TwoStores) -> None:
    item = next(one for one in stores.items("file") if one.name == "github")
    stores.stores["keyring"].write(item, Secret("something else"))
    done = stores.run("store", "move", "file", "keyring", "--yes")
    assert done.returncode == 1
    assert b"already has 1 other item of this home, such as staging/github" in done.stderr
    assert stores.stores["keyring"].read([item]) == {item: Secret("something else")}
    assert stores.run("store", "move", "file", "keyring", "--replace", "--yes").returncode == 0
    assert stores.released() == GIVEN


def test_a_damaged_item_stops_it_before_anything_is_written(stores: TwoStores, home: Path) -> None:
    file = home / ".local/share/keybound/store/staging/old.age"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    done = stores.run("store", "move", "file", "keyring", "--yes")
    assert done.returncode == 1
    assert b"staging/old" in done.stderr
    assert (stores.items("keyring"), stores.in_use()) == (set(), "file")


def test_a_process_that_runs_on_uses_the_new_store(stores: TwoStores) -> None:
    """What was opened before the move looks where the secrets are now."""
    from keybound.custody.context.context import Context
    from keybound.custody.evaluation.evaluate import evaluate

    context = Context(stores.environ, "/")
    assert context.store.label == "file"
    assert stores.run("store", "move", "file", "keyring", "--yes").returncode == 0
    assert context.store.label == "keyring"
    states = {str(one.id): one.verdict.state.word for one in evaluate(context, ["staging"]).judged}
    assert states == {"staging/github": "active", "staging/old": "expired"}
    context.close()
