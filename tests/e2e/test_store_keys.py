"""The file store's passphrase and key are changed; what was stored opens with the new ones alone."""

from pathlib import Path

import pytest

from keybound.domain.errors import StoreLockedError
from keybound.domain.text.secret import Secret
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.age.age_paths import address_of
from keybound.stores.age.age_sealing import Sealer, unwrap_identity
from keybound.stores.base import Item
from keybound.stores.keyring.home_tag import home_tag
from support.staging import CANARY, Run, furnish

OLD = Secret("correct horse")


@pytest.fixture
def folder(keybound: Run, profiles: Path, home: Path) -> Path:
    """The store of a furnished home."""
    furnish(keybound, profiles, home)
    return home / ".local/share/keybound/store"


def test_a_new_passphrase_opens_it_and_the_former_one_does_not(
    keybound: Run, folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    new = tmp_path / "new"
    new.write_text("battery staple\n")
    done = keybound("store", "passwd", "--new-password-file", str(new))
    assert done.returncode == 0, done.stderr
    assert b"KEYBOUND_PASSWORD_FILE still has to be changed" in done.stderr
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout, "it is open"
    keybound("lock")
    refused = keybound("env", "staging", "--shell", "json")
    assert (refused.returncode, b"passphrase is wrong" in refused.stderr) == (3, True)
    given = keybound("env", "staging", "--shell", "json", more={"KEYBOUND_PASSWORD_FILE": str(new)})
    assert CANARY in given.stdout
    with pytest.raises(StoreLockedError):
        unwrap_identity((folder / "identity.age").read_bytes(), OLD)
    assert b"store-passphrase" in keybound("log").stdout


def test_a_wrong_or_empty_passphrase_changes_nothing(keybound: Run, folder: Path, tmp_path: Path) -> None:
    before = (folder / "identity.age").read_bytes()
    new, empty = tmp_path / "new", tmp_path / "empty"
    new.write_text("battery staple")
    empty.write_text("\n")
    for more, file in (({"KEYBOUND_PASSWORD_FILE": str(new)}, new), ({}, empty), ({}, tmp_path / "none")):
        done = keybound("store", "passwd", "--new-password-file", str(file), more=more)
        assert done.returncode == 3
        assert b"Traceback" not in done.stderr
    assert keybound("store", "passwd", more={"KEYBOUND_PASSWORD_FILE": ""}).returncode == 3
    assert (folder / "identity.age").read_bytes() == before


def test_a_new_key_opens_everything_and_the_former_one_nothing(
    keybound: Run, folder: Path, environ: dict[str, str]
) -> None:
    former = unwrap_identity((folder / "identity.age").read_bytes(), OLD)
    other = AgeFileStore(str(folder), home_tag("/another"), environ)  # a home that shares the folder
    other.write(Item("p", "t", "token"), Secret("of another home"))
    done = keybound("store", "rekey")
    assert done.returncode == 0, done.stderr
    assert b"encrypted anew" in done.stdout
    assert CANARY in keybound("env", "staging", "--shell", "json").stdout
    assert other.read([Item("p", "t", "token")]) == {Item("p", "t", "token"): Secret("of another home")}
    item = Item("staging", "github", "token")
    tag = (folder / "@home").read_text()
    sealed = (folder / "staging/github.age").read_bytes()
    assert Sealer(former).open(address_of(tag, item), sealed) is None
    new = unwrap_identity((folder / "identity.age").read_bytes(), OLD)
    assert Sealer(new).open(address_of(tag, item), sealed) is not None
    assert not (folder / "@rekeying").exists()


def test_what_is_damaged_stops_a_new_key_before_anything_is_changed(keybound: Run, folder: Path) -> None:
    before = (folder / "identity.age").read_bytes()
    (folder / "staging/github.age").write_bytes(b"no age file")
    done = keybound("store", "rekey")
    assert done.returncode == 1
    assert b"1 file of the store cannot be opened" in done.stderr
    assert (folder / "identity.age").read_bytes() == before


def test_where_there_is_no_file_store(keybound: Run, folder: Path) -> None:
    (folder / "identity.age").unlink()
    for act in ("passwd", "rekey"):
        done = keybound("store", act)
        assert (done.returncode, b"there is no file store here" in done.stderr) == (4, True)
