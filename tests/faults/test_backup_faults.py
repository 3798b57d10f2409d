"""Backups that are damaged, hostile or cut short, kills and full disks while one is restored: what is here stays whole."""

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.custody.backup import archive, restore
from keybound.custody.backup.archive import Head, pack, unpack
from keybound.custody.backup.open_backup import SealedBackup
from keybound.custody.envelopes import transaction
from keybound.domain.errors import BadInputError, KeyboundError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.stores.age.age_document import seal_to_recipients
from keybound.stores.age.age_sealing import new_identity
from support.backups import Machine, machine
from support.full_disk import fails_until_there_is_room
from support.killing import killed_at
from support.staging import CANARY, Run, furnish, furnish_with_expired
from support.tried import Tried

RESTORE, TRANSACTION = "keybound.custody.backup.restore", "keybound.custody.envelopes.transaction"
HEAD = Head("2026-11-28T12:00:00+00:00", "0.1.0", "/home/ann/.config/keybound", "/home/ann")
STATES = {"staging/github": "active", "staging/old": "expired"}


class Key:
    """An identity in a file, and its recipient: no passphrase has to be stretched."""

    def __init__(self, folder: Path) -> None:
        from pyrage import x25519

        identity = expose_secret(new_identity()).decode()
        self.path = folder / "key.txt"
        self.path.write_text(f"# a comment\n{identity}\n")
        self.recipient = str(x25519.Identity.from_str(identity).to_public())

    @property
    def opens(self) -> tuple[str, ...]:
        return "--identity", str(self.path), "--keep-approvals"


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return Key(tmp_path)


@pytest.fixture
def backup(keybound: Run, profiles: Path, home: Path, tmp_path: Path, key: Key) -> Path:
    furnish_with_expired(keybound, profiles, home)
    (home / ".config/keybound/policy.toml").write_text("# rules\n")
    path = tmp_path / "keybound.age"
    done = keybound("backup", str(path), "--recipient", key.recipient)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def other(environ: dict[str, str], tmp_path: Path) -> Iterator[Machine]:
    """Another machine, with a journal of its own."""
    with machine(tmp_path / "other", environ) as made:
        (made.home / "kube.yaml").write_text("current-context: staging\n")
        made.make_store()
        yield made


STOPS = [
    *((RESTORE, step, 1) for step in restore.STEPS if step != "kept"),
    *((RESTORE, step, 2) for step in ("profile", "item")),
    *((TRANSACTION, step, nth) for step in transaction.STEPS for nth in (1, 3, 4)),
]


@pytest.mark.parametrize(("place", "step", "nth"), STOPS)
def test_killed(backup: Path, other: Machine, key: Key, place: str, step: str, nth: int, tried: Tried) -> None:
    words = ("restore", str(backup), "--yes", *key.opens)
    assert killed_at(other.environ, place, step, nth, *words) or (step, nth) in (("items", 4), ("texts", 4))
    states = other.states()
    assert all(states[id_] in (state, "missing") for id_, state in STATES.items() if id_ in states)
    done = other.run(*words)
    assert done.returncode == 0, done.stderr
    assert other.states() == STATES
    assert json.loads(other.released()) == {"GITHUB_TOKEN": CANARY.decode()}
    assert other.run("log", "--verify").returncode == 0
    assert b"nothing to restore" in other.run(*words).stdout
    tried("killed while a backup is restored", 1)


def test_killed_while_the_journal_is_kept_beside(backup: Path, other: Machine, key: Key, tried: Tried) -> None:
    assert other.run("profile", "new", "own").returncode == 0
    words = ("restore", str(backup), "--yes", *key.opens)
    assert killed_at(other.environ, RESTORE, "kept", 1, *words)
    assert other.run(*words).returncode == 0
    assert other.states() == STATES
    assert other.run("log", "--json").stdout.count(b'"journal-kept"') == 1
    tried("killed while a backup is restored", 1)


def test_any_damaged_byte_is_noticed(backup: Path, key: Key, tmp_path: Path, tried: Tried) -> None:
    data = backup.read_bytes()
    damaged = tmp_path / "damaged.age"
    places = [*range(220), *range(220, len(data), max(1, len(data) // 300)), len(data) - 1]
    for place in places:
        damaged.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(KeyboundError):
            SealedBackup(str(damaged)).open_with_identity(Secret(key.path.read_bytes()))
    for length in range(0, len(data), max(1, len(data) // 200)):
        damaged.write_bytes(data[:length])
        with pytest.raises(KeyboundError):
            SealedBackup(str(damaged)).open_with_identity(Secret(key.path.read_bytes()))
    tried("a backup with a damaged byte, or cut short", len(places) + 200)


@pytest.mark.parametrize("damage", [(0, 10), (30, 31), (150, 151), (-1, None), (-400, None), (0, None)])
def test_a_damaged_file_changes_nothing(
    backup: Path, other: Machine, key: Key, damage: tuple[int, int | None], tried: Tried
) -> None:
    assert other.run("profile", "new", "own").returncode == 0
    data = bytearray(backup.read_bytes())
    data[slice(*damage)] = b""
    backup.write_bytes(data)
    before = other.digests()
    done = other.run("restore", backup, "--yes", *key.opens)
    assert (done.returncode in (2, 3), other.digests()) == (True, before), done.stderr
    assert b"Traceback" not in done.stderr
    tried("a backup with a damaged byte, or cut short", 1)


def test_a_wrong_passphrase_changes_nothing(
    keybound: Run, other: Machine, home: Path, tmp_path: Path, tried: Tried
) -> None:
    assert keybound("init").returncode == 0
    path, wrong = tmp_path / "b.age", tmp_path / "wrong"
    wrong.write_text("not it\n")
    assert keybound("backup", str(path)).returncode == 0
    before = other.digests()
    done = other.run("restore", path, "--yes", "--password-file", wrong)
    assert (done.returncode, other.digests()) == (3, before)
    assert b"the passphrase is wrong" in done.stderr
    tried("a wrong passphrase for a backup", 1)


Make = Callable[[tarfile.TarFile], None]


def plain(name: str, data: bytes = b"x") -> Make:
    def make(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))

    return make


def special(name: str, kind: bytes, target: str = "/etc/passwd") -> Make:
    def make(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, target
        tar.addfile(entry)

    return make


def twice(tar: tarfile.TarFile) -> None:
    plain("config.toml")(tar)
    plain("config.toml", b"y")(tar)


def giant(tar: tarfile.TarFile) -> None:
    entry = tarfile.TarInfo("config.toml")
    entry.size = archive.MOST_BYTES + 1
    tar.fileobj.write(entry.tobuf())


HOSTILE: dict[str, Make] = {
    "up": plain("../config.toml"),
    "up in the middle": plain("profiles/../../x.toml"),
    "absolute": plain("/etc/keybound.toml"),
    "hidden": plain("profiles/.x.toml"),
    "a newline": plain("profiles/x\n.toml"),
    "too deep": plain("tokens/a/b/c/d.json"),
    "link": special("config.toml", tarfile.SYMTYPE),
    "hard link": special("config.toml", tarfile.LNKTYPE),
    "fifo": special("config.toml", tarfile.FIFOTYPE),
    "device": special("config.toml", tarfile.CHRTYPE),
    "folder": special("profiles", tarfile.DIRTYPE),
    "twice": twice,
    "giant": giant,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused(kind: str, tried: Tried) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        HOSTILE[kind](tar)
        plain("manifest.json", b"{}")(tar)
    with pytest.raises(BadInputError, match=r"it holds (something|a file)|it is larger"):
        unpack(Secret(file.getvalue()))
    tried("a hostile backup", 1)


def test_a_member_that_the_manifest_does_not_know_is_refused(tried: Tried) -> None:
    packed = expose_secret(pack(HEAD, {"policy.toml": Secret("x")}))
    for extra in (plain("config.toml"), plain("policy.toml")):
        made = io.BytesIO()
        with tarfile.open(fileobj=io.BytesIO(packed)) as source, tarfile.open(fileobj=made, mode="w") as tar:
            extra(tar)
            for entry in source:
                tar.addfile(entry, source.extractfile(entry))
        with pytest.raises(BadInputError, match=r"damaged|twice"):
            unpack(Secret(made.getvalue()))
        tried("a hostile backup", 1)


@pytest.mark.parametrize("name", ["tokens/staging/github.json", "state.json", "seals/staging.json"])
def test_nonsense_in_a_member_is_one_line_and_changes_nothing(
    other: Machine, tmp_path: Path, key: Key, name: str, tried: Tried
) -> None:
    path = tmp_path / "hostile.age"
    for nonsense in (b"", b"[]", b'{"known":[[1]]}', b'{"known":[[1,2,3,4,5,6,7]]}', b"\xff\xfe", b"[" * 100_000):
        if name == "state.json" and nonsense == b"[]":
            continue
        path.write_bytes(seal_to_recipients(pack(HEAD, {name: Secret(nonsense)}), [key.recipient]))
        before = other.digests()
        done = other.run("restore", path, "--yes", *key.opens)
        assert (done.returncode, other.digests()) == (2, before), (nonsense[:20], done.stderr)
        assert b"Traceback" not in done.stderr
        tried("a hostile backup", 1)


def test_what_is_not_known_is_said_and_left(other: Machine, tmp_path: Path, key: Key) -> None:
    path = tmp_path / "newer.age"
    path.write_bytes(seal_to_recipients(pack(HEAD, {"later/thing.json": Secret("x")}), [key.recipient]))
    done = other.run("restore", path, "--yes", *key.opens)
    assert done.returncode == 0, done.stderr
    assert b"later/thing.json is left: this version does not know it" in done.stderr


def test_a_full_disk_leaves_the_older_backup(keybound: Run, disk: Path, profiles: Path, key: Key, tried: Tried) -> None:
    furnish(keybound, profiles, disk)
    path = disk / "keybound.age"
    words = ("backup", str(path), "--recipient", key.recipient)
    assert keybound(*words).returncode == 0
    before = path.read_bytes()
    assert keybound("set", "staging/github", "kind", "opaque", "--yes").returncode == 0
    for _ in fails_until_there_is_room(disk, lambda: keybound(*words)):
        found = path.read_bytes()
        SealedBackup(str(path)).open_with_identity(Secret(key.path.read_bytes()))
        assert not list(disk.glob(".keybound-*"))
        tried("a full disk while a backup is made", 1, lost=int(len(found) < len(before)))
        assert len(found) >= len(before)
    assert path.read_bytes() != before


def test_a_full_disk_leaves_each_token_old_or_new(
    backup: Path, environ: dict[str, str], tmp_path: Path, disk: Path, key: Key, tried: Tried
) -> None:
    """The disk hides the home that the backup was made of: an empty machine of the same path."""
    made = Machine(disk, environ)
    (disk / "kube.yaml").write_text("current-context: staging\n")
    made.make_store()
    words = ("restore", str(backup), "--yes", *key.opens)
    for _ in fails_until_there_is_room(disk, lambda: made.run(*words, "--json")):
        states = made.states()
        assert all(states[id_] in (state, "missing") for id_, state in STATES.items() if id_ in states)
        tried("a full disk while a backup is restored", 1)
    assert made.run(*words).returncode == 0
    assert made.states() == STATES
    assert os.path.isdir(tmp_path)
