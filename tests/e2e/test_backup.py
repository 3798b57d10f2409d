"""A backup, restored on an empty machine, on one with tokens of its own, under another path: what ended stays ended."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from support.backups import COMMAND, Machine, machine
from support.programs_at_hand import needed
from support.secret_service import private_bus
from support.staging import CANARY, Run, furnish, furnish_with_expired

GIVEN = {"GITHUB_TOKEN": CANARY.decode()}


@pytest.fixture
def here(keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path) -> Run:
    """The machine that backups are made of: a token in use, and one that expired."""
    furnish_with_expired(keybound, profiles, home)
    return keybound


@pytest.fixture
def other(environ: dict[str, str], tmp_path: Path) -> Iterator[Machine]:
    """An empty machine, under another path, with the file that a token depends on."""
    with machine(tmp_path / "other", environ) as made:
        (made.home / "kube.yaml").write_text("current-context: staging\n")
        made.make_store()
        yield made


@pytest.fixture
def backup(here: Run, tmp_path: Path) -> Path:
    path = tmp_path / "keybound.age"
    done = here("backup", str(path))
    assert done.returncode == 0, done.stderr
    assert b"2 tokens and 2 profiles are in" in done.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    return path


def acts(done: "subprocess.CompletedProcess[bytes]") -> dict[str, tuple[str, str | None]]:
    """What a restore did, or would do, with each token."""
    steps = json.loads(done.stdout)["steps"]
    return {one["id"]: (one["act"], one["note"]) for one in steps if one["what"] == "token"}


def test_an_empty_machine_under_another_path_gets_everything(backup: Path, other: Machine) -> None:
    done = other.run("restore", backup, "--yes")
    assert done.returncode == 0, done.stderr
    assert json.loads(other.released()) == GIVEN
    assert other.states() == {"staging/github": "active", "staging/old": "expired"}
    assert other.run("log", "--verify").returncode == 0
    assert b"added" in other.run("log").stdout, "the journal goes on from the backup's"
    assert (other.profiles / "staging.toml").read_text().count("# kept") == 2
    again = other.run("restore", backup, "--yes")
    assert (again.returncode, b"nothing to restore" in again.stdout) == (0, True)


def test_a_dry_run_lists_and_writes_nothing(backup: Path, other: Machine) -> None:
    assert other.run("profile", "new", "own").returncode == 0  # makes the state, as any look does
    before = other.digests()
    listed = other.run("restore", backup, "--dry-run", "--json")
    assert (listed.returncode, other.digests()) == (0, before), listed.stderr
    assert acts(listed) == {"staging/github": ("restore", "as it was"), "staging/old": ("restore", "expired")}
    done = other.run("restore", backup, "--yes", "--json")
    assert json.loads(done.stdout)["steps"] == json.loads(listed.stdout)["steps"]


def test_it_has_to_be_confirmed(backup: Path, other: Machine) -> None:
    done = other.run("restore", backup)
    assert done.returncode == 1
    assert b"needs confirmation" in done.stderr
    assert not other.profiles.exists()


def test_what_is_here_is_left_unless_it_is_named(backup: Path, other: Machine) -> None:
    (other.profiles).mkdir(parents=True)
    (other.profiles / "staging.toml").write_text("schema = 1\n")
    assert other.run("add", "staging/github", "--env", "OWN", given=b"of this machine\n").returncode == 0
    text = (other.profiles / "staging.toml").read_text()
    done = other.run("restore", backup, "--yes")
    assert done.returncode == 0, done.stderr
    assert (
        b"token staging/github: left: another secret is here (to replace it: --replace staging/github)" in done.stdout
    )
    assert json.loads(other.released()) == {"OWN": "of this machine"}
    assert (other.profiles / "staging.toml").read_text() == text
    done = other.run("restore", backup, "--yes", "--json", "--replace", "staging/github")
    assert acts(done)["staging/github"] == ("replace", "unapproved")
    assert other.states()["staging/github"] == "unapproved"
    assert other.run("log", "--verify").returncode == 0


def test_the_journal_is_kept_beside_one_that_is_here(backup: Path, other: Machine) -> None:
    assert other.run("profile", "new", "own").returncode == 0
    assert other.run("restore", backup, "--yes").returncode == 0
    kept = list((other.home / ".local/state/keybound/journal").glob("*.kept"))
    assert len(kept) == 1
    assert kept[0].name[:16].encode() in other.run("log", "--json").stdout, "the chain cites it"
    assert other.run("log", "--verify").returncode == 0
    assert b"nothing to restore" in other.run("restore", backup, "--yes").stdout


def test_only_what_is_named(backup: Path, other: Machine) -> None:
    done = other.run("restore", backup, "--yes", "--only", "staging/old")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in other.profiles.glob("*.toml")) == ["staging.toml"]
    assert other.states() == {"staging/github": "missing", "staging/old": "expired"}
    assert other.run("restore", backup, "--only", "staging/none").returncode == 4


def test_an_older_backup_revives_nothing(here: Run, backup: Path) -> None:
    assert here("expire", "staging/github", "--yes").returncode == 0
    assert here("remove", "staging/old", "--yes").returncode == 0
    done = here("restore", str(backup), "--yes", "--json")
    assert acts(done) == {"staging/github": ("same", None), "staging/old": ("leave", "it was removed here")}
    assert b"expired" in here("list").stdout
    done = here("restore", str(backup), "--yes", "--json", "--replace", "staging/old", "--replace", "staging")
    assert acts(done)["staging/old"] == ("restore", "expired")


@pytest.mark.parametrize("lost", [("state.db",), ("state.db", "item"), ("item",)])
def test_not_where_this_machine_has_lost_its_state_or_the_secret(
    here: Run, backup: Path, home: Path, lost: tuple[str, ...]
) -> None:
    """The journal, the state or the envelope: each of them alone keeps what expired."""
    assert here("expire", "staging/github", "--yes").returncode == 0
    if "item" in lost:
        (home / ".local/share/keybound/store/staging/github.age").unlink()
    if "state.db" in lost:
        for path in (home / ".local/state/keybound").glob("state.db*"):
            path.unlink()
    assert here("restore", str(backup), "--yes").returncode == 0
    states = {row["id"]: row["state"] for row in json.loads(here("list", "--json").stdout)}
    assert states["staging/github"] == "expired"


def test_an_older_copy_is_not_approved(here: Run, backup: Path, home: Path) -> None:
    """The state knows of a later approval; the secret comes back, to be approved."""
    assert here("approve", "staging/github", "--yes").returncode == 0
    assert here("set", "staging/github", "kind", "opaque", "--yes").returncode == 0
    (home / ".local/share/keybound/store/staging/github.age").unlink()
    done = here("restore", str(backup), "--yes", "--json", "--replace", "staging")
    assert acts(done)["staging/github"] == ("restore", "unapproved")
    assert here("approve", "staging/github", "--yes").returncode == 0
    assert json.loads(here("env", "staging", "--shell", "json").stdout) == GIVEN


def test_a_removal_counts_where_the_journal_alone_knows_it(here: Run, backup: Path, home: Path) -> None:
    assert here("remove", "staging/github", "--yes").returncode == 0
    for path in (home / ".local/state/keybound").glob("state.db*"):
        path.unlink()
    done = here("restore", str(backup), "--yes", "--json", "--replace", "staging")
    assert acts(done)["staging/github"] == ("leave", "it was removed here")


def test_a_newer_backup_expires_what_an_older_machine_has(
    here: Run, backup: Path, other: Machine, tmp_path: Path
) -> None:
    assert other.run("restore", backup, "--yes").returncode == 0
    for _ in range(3):
        assert here("approve", "staging/github", "--yes").returncode == 0
        assert here("expire", "staging/github", "--yes").returncode == 0
    newer = tmp_path / "newer.age"
    assert here("backup", str(newer)).returncode == 0
    done = other.run("restore", newer, "--yes", "--json")
    assert acts(done)["staging/github"][0] == "expire"
    assert other.states()["staging/github"] == "expired"
    assert b"nothing to restore" in other.run("restore", newer, "--yes").stdout


def test_what_was_removed_before_a_newer_backup_stays_removed_against_an_older_one(
    here: Run, backup: Path, other: Machine, tmp_path: Path
) -> None:
    """By the state that the newer one brought: its journal is not this machine's."""
    assert other.run("profile", "new", "own").returncode == 0
    assert here("remove", "staging/github", "--yes").returncode == 0
    newer = tmp_path / "newer.age"
    assert here("backup", str(newer)).returncode == 0
    assert other.run("restore", newer, "--yes").returncode == 0
    done = other.run("restore", backup, "--yes", "--json")
    assert acts(done)["staging/github"] == ("leave", "it was removed here")


def test_an_approval_counts_for_the_definition_that_was_approved(backup: Path, other: Machine) -> None:
    assert other.run("restore", backup, "--yes", "--only", "staging/old").returncode == 0
    text = (other.profiles / "staging.toml").read_text()
    (other.profiles / "staging.toml").write_text(text.replace("beta_writes = false ", "beta_writes = true "))
    done = other.run("restore", backup, "--yes", "--json")
    assert acts(done)["staging/github"] == ("restore", "unapproved")
    assert other.states()["staging/github"] == "unapproved"


def opened_by_age(here: Run, age: str, key: Path, path: Path) -> tuple[str, bytes]:
    """Back up to a fresh key of age's; its recipient, and what the ``age`` command finds in the backup."""
    keygen = needed("age-keygen")
    subprocess.run([keygen, "-o", key], check=True, capture_output=True)
    recipient = subprocess.run([keygen, "-y", key], check=True, capture_output=True).stdout.decode().strip()
    assert here("backup", str(path), "--recipient", recipient).returncode == 0
    return recipient, subprocess.run([age, "-d", "-i", key, path], check=True, capture_output=True).stdout


def test_the_age_command_opens_it(here: Run, other: Machine, tmp_path: Path) -> None:
    age, key, path = needed("age"), tmp_path / "key.txt", tmp_path / "b.age"
    _, opened = opened_by_age(here, age, key, path)
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest.json"
    assert {"profiles/staging.toml", "tokens/staging/github.json", "state.json"} <= set(names)
    done = other.run("restore", path, "--yes", "--identity", key)
    assert done.returncode == 0, done.stderr
    assert other.states() == {"staging/github": "unapproved", "staging/old": "expired"}, "who made it is not known"


def test_what_age_encrypted_is_restored(here: Run, other: Machine, tmp_path: Path) -> None:
    age, key, path = needed("age"), tmp_path / "key.txt", tmp_path / "b.age"
    recipient, opened = opened_by_age(here, age, key, path)
    path.write_bytes(subprocess.run([age, "-r", recipient], input=opened, check=True, capture_output=True).stdout)
    done = other.run("restore", path, "--yes", "--identity", key, "--keep-approvals")
    assert done.returncode == 0, done.stderr
    assert other.states() == {"staging/github": "active", "staging/old": "expired"}


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_to_an_ssh_key(here: Run, other: Machine, tmp_path: Path, kind: str) -> None:
    keygen = needed("ssh-keygen")
    key, path = tmp_path / "id", tmp_path / "b.age"
    subprocess.run([keygen, "-q", "-t", kind, "-N", "", "-f", key], check=True)
    assert here("backup", str(path), "--recipients-file", f"{key}.pub").returncode == 0
    done = other.run("restore", path, "--yes", "--keep-approvals", "--identity", key)
    assert done.returncode == 0, done.stderr
    assert json.loads(other.released()) == GIVEN


def test_an_ssh_key_with_a_passphrase_is_said(here: Run, other: Machine, tmp_path: Path) -> None:
    keygen = needed("ssh-keygen")
    key, path = tmp_path / "id", tmp_path / "b.age"
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "secret", "-f", key], check=True)
    assert here("backup", str(path), "--recipients-file", f"{key}.pub").returncode == 0
    done = other.run("restore", path, "--yes", "--identity", key)
    assert done.returncode == 2
    assert b"this SSH key has a passphrase" in done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("/",), 2, "it is a folder"),
        (("none/b.age",), 2, "its folder does not exist"),
        (("kube.yaml",), 2, "which is no backup"),
        (("b.age", "--recipient", "age1nothing"), 2, "not a recipient"),
        (("b.age", "--recipients-file", "none"), 2, "cannot be read"),
        (("b.age", "--password-file", "none"), 3, "the passphrase cannot be read"),
    ],
)
def test_what_cannot_be_a_backup_is_said(
    here: Run, home: Path, tmp_path: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    (tmp_path / "kube.yaml").write_text("a: file of somebody\n")
    done = here("backup", *words)
    assert (done.returncode, said in done.stderr.decode()) == (status, True), done.stderr
    assert (tmp_path / "kube.yaml").read_text() == "a: file of somebody\n"


def test_no_secret_is_said_or_left_in_clear(here: Run, backup: Path, other: Machine, tmp_path: Path) -> None:
    said = [here("backup", str(backup), "--json"), other.run("restore", backup, "--yes"), other.run("restore", backup)]
    assert all(CANARY not in done.stdout + done.stderr for done in said)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "state.db-shm"]
    assert [path for path in files if CANARY in path.read_bytes()] == []


def test_status_says_when_there_is_none_or_it_lacks_something(
    keybound: Run, profiles: Path, home: Path, tmp_path: Path
) -> None:
    def said() -> str:
        lines = keybound("status").stdout.decode().splitlines()
        return next((line[12:] for line in lines if line.startswith("Backup")), "")

    assert keybound("init").returncode == 0
    assert said() == "", "there is nothing to lose"
    assert json.loads(keybound("status", "--json").stdout)["backup"] is None
    furnish(keybound, profiles, home)
    assert said() == "no backup yet: keybound backup FILE"
    assert keybound("backup", str(tmp_path / "b.age")).returncode == 0
    assert said() == "made today, with 1 token"
    assert keybound("add", "staging/more", "--env", "MORE", given=b"one more\n").returncode == 0
    assert said() == "made today, with 1 token; 1 token added or changed since: keybound backup FILE"
    found = json.loads(keybound("status", "--json").stdout)["backup"]
    assert (found["tokens"], found["missing"]) == (1, 1)


def test_a_restored_home_knows_its_backup(backup: Path, other: Machine) -> None:
    assert other.run("restore", backup, "--yes").returncode == 0
    assert b"made today, with 2 tokens\n" in other.run("status").stdout


def test_from_files_to_the_keyring_and_from_the_keyring_to_files(
    backup: Path, other: Machine, environ: dict[str, str], tmp_path: Path
) -> None:
    """The machine in between has nothing but a keyring; the store is chosen as `init` does."""
    with private_bus(tmp_path / "run") as bus, machine(tmp_path / "third", environ) as third:
        bus.start_keyring()
        meets = {name: bus.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
        third.environ = {**third.environ, **meets, "KEYBOUND_STORE": ""}
        (third.home / "kube.yaml").write_text("current-context: staging\n")
        done = third.run("restore", backup, "--yes")
        assert done.returncode == 0, done.stderr
        assert json.loads(third.run("status", "--json").stdout)["store"]["kind"] == "keyring"
        assert json.loads(third.released()) == GIVEN
        assert third.states() == {"staging/github": "active", "staging/old": "expired"}
        assert b"nothing to restore" in third.run("restore", backup, "--yes").stdout
        again = tmp_path / "again.age"
        assert third.run("backup", again).returncode == 0
    assert other.run("restore", again, "--yes").returncode == 0
    assert json.loads(other.released()) == GIVEN
    assert other.states() == {"staging/github": "active", "staging/old": "expired"}


def test_it_asks_at_a_terminal(here: Run, backup: Path, other: Machine, tmp_path: Path) -> None:
    """Its passphrase, each conflict, and last whether to do it; Enter replaces nothing."""
    other.profiles.mkdir(parents=True)
    (other.profiles / "staging.toml").write_text("schema = 1\n")
    assert other.run("add", "staging/github", "--env", "OWN", given=b"of this machine\n").returncode == 0
    term = pexpect.spawn(COMMAND, ["restore", str(backup)], env=other.environ, timeout=25, dimensions=(24, 200))
    term.expect_exact("Passphrase of the backup")
    term.sendline("correct horse")
    term.expect_exact("profile staging: left: it differs here. Replace it? [y/N]")
    term.sendline("")
    term.expect_exact("token staging/github: left: another secret is here. Replace it? [y/N]")
    term.sendline("y")
    term.expect_exact("items? [y/N]")
    term.sendline("y")
    term.expect_exact("items restored")
    term.close()
    assert other.states()["staging/github"] == "unapproved"
    assert (other.profiles / "staging.toml").read_text().startswith("schema = 1\n")
