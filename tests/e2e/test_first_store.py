"""The store of a first run: found, proved, recorded; by a real keyring, by files, and by what only says that it is one."""

from pathlib import Path

import pytest

from keybound.custody.application.first_store import store_choice, use_store
from keybound.custody.application.strength import strength
from keybound.custody.context import context as contexts
from keybound.custody.context.context import Context
from keybound.custody.context.has_store import has_store
from keybound.domain.errors import StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.base import Item
from keybound.stores.proof import prove
from support.keyring_session import in_session, new_session

NOTHING = Secret("")


@pytest.fixture
def context(environ: dict[str, str], home: Path) -> Context:
    del environ["KEYBOUND_STORE"], environ["KEYBOUND_PASSWORD_FILE"]
    return Context(environ, str(home))


def test_a_machine_without_a_keyring_has_files_and_looking_makes_nothing(context: Context, home: Path) -> None:
    choice = store_choice(context)
    assert (choice.fixed, choice.locked, choice.exists, choice.given) == ("", False, False, "")
    assert "no session bus" in choice.keyring
    assert choice.folder == "~/.local/share/keybound/store"
    assert not has_store(context)
    assert list(home.iterdir()) == []


def test_files_are_made_recorded_and_open(context: Context, home: Path) -> None:
    use_store(context, "file", Secret("correct horse"))
    assert has_store(context)
    assert (home / ".local/state/keybound/store").read_text() == "file\n"
    prove(context.store)
    context.store.lock()
    assert store_choice(context).exists


def test_files_that_are_there_are_opened_and_a_wrong_passphrase_records_nothing(context: Context, home: Path) -> None:
    use_store(context, "file", Secret("correct horse"))
    context.store.lock()
    (home / ".local/state/keybound/store").unlink()
    with pytest.raises(StoreLockedError):
        use_store(context, "file", Secret("wrong"))
    assert not has_store(context)
    use_store(context, "file", Secret("correct horse"))
    assert has_store(context)
    context.store.lock()


def test_the_environments_passphrase_is_used_where_none_was_typed(context: Context, tmp_path: Path) -> None:
    given = Context({**context.environ, "KEYBOUND_PASSWORD_FILE": str(tmp_path / "passphrase")}, str(tmp_path))
    assert store_choice(given).given == "KEYBOUND_PASSWORD_FILE"
    use_store(given, "file", NOTHING)
    given.store.lock()
    context.store.unlock(lambda _: Secret("correct horse"))
    context.store.lock()


def test_files_that_vanished_are_no_store(context: Context, home: Path) -> None:
    use_store(context, "file", Secret("correct horse"))
    (home / ".local/share/keybound/store/identity.age").unlink()
    assert not has_store(context)
    assert store_choice(context).fixed == "file"


def test_a_keyring_that_is_not_there_is_not_recorded(context: Context, home: Path) -> None:
    with pytest.raises(UnavailableError):
        use_store(context, "keyring", NOTHING)
    assert not (home / ".local/state/keybound").exists()


class Forgetful(AgeFileStore):
    """It takes everything, and has nothing."""

    deleted = 0

    def write(self, item: Item, text: Secret) -> None:
        pass

    def read(self, items: object) -> dict[Item, Secret]:  # type: ignore[override]
        return {}

    def delete(self, item: Item) -> bool:
        self.deleted += 1
        return False


def test_a_store_that_keeps_nothing_is_no_store(tmp_path: Path) -> None:
    store = Forgetful(str(tmp_path), "tag", {})
    with pytest.raises(StoreAwayError, match="did not keep"):
        prove(store)
    assert store.deleted == 1


def test_a_keyring_that_keeps_nothing_is_not_recorded(
    context: Context, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = Forgetful(str(tmp_path), "tag", {})
    monkeypatch.setattr(forgetful, "unlock", lambda ask: None)
    monkeypatch.setattr(contexts, "open_store", lambda *_, **__: forgetful)
    with pytest.raises(StoreAwayError, match="did not keep"):
        use_store(context, "keyring", NOTHING)
    assert not (home / ".local/state/keybound").exists()


def test_without_a_kernel_keyring_new_files_are_open_in_this_process(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_keyring, "put", lambda *_: False)
    monkeypatch.setattr(kernel_keyring, "get", lambda _: None)
    use_store(context, "file", Secret("correct horse"))
    prove(context.store)


def test_a_real_keyring_is_proved_and_nothing_stays_in_it(tmp_path: Path) -> None:
    environ = new_session(tmp_path)
    done = in_session(environ, "keybound init && secret-tool search --all application 'Python keyring library' 2>&1")
    assert done.returncode == 0, done.stderr
    assert "the OS keyring" in done.stdout
    assert "probe" not in done.stdout


def test_a_longer_passphrase_stands_longer() -> None:
    assert strength(NOTHING).words == ""
    assert strength(Secret("password")).weak
    assert strength(Secret("password")).words.startswith("very weak: it takes ")
    assert not strength(Secret("correct horse battery staple")).weak
    assert strength(Secret("x9" * 500)).words
