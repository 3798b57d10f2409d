"""doctor: every finding is provoked by real means, says what to do, and --fix mends what is safe, twice without harm."""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from keybound.catalogue.shipped import shipped
from keybound.custody.health.registry import CHECKS
from keybound.stores.age.age_paths import REKEYING
from keybound.stores.journal.journal import Draft, Journal
from support.agents import comes, socket_of
from support.programs_at_hand import needed
from support.samples import good_sample
from support.secret_service import Bus, private_bus
from support.staging import CANARY, COMMAND, REST, Run, furnish

NPM = next(kind for provider in shipped() if provider.id == "npm" for kind in provider.tokens if kind.checksum)


class Row(NamedTuple):
    check: str
    status: str
    message: str
    fix: str | None


Look = Callable[..., list[Row]]

SQLITES = ("-wal", "-shm")  # come and go with whoever has the state open


@pytest.fixture
def look(keybound: Run) -> Look:
    """The findings of one check that are not in order."""

    def look(check: str, *arguments: str, **more: str) -> list[Row]:
        done = keybound("doctor", "--json", *arguments, more=more)
        assert b"Traceback" not in done.stderr
        assert CANARY not in done.stdout + done.stderr
        rows = [Row(**one) for one in json.loads(done.stdout)]
        assert done.returncode == int(any(one.status == "fail" for one in rows))
        return [one for one in rows if one.check == check and one.status != "ok"]

    return look


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    """A home with a token; its state folder."""
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / ".local/state/keybound"


@pytest.fixture
def settings(home: Path, staging: Path) -> Path:
    return home / ".config/keybound/config.toml"


def only(rows: list[Row]) -> Row:
    assert len(rows) == 1, rows
    assert rows[0].fix, rows
    return rows[0]


def mended(look: Look, keybound: Run, check: str) -> str:
    """--fix mends this finding and says so, once; what it said."""
    done = keybound("doctor", "--fix")
    assert look(check) == []
    again = keybound("doctor", "--fix")
    assert f"{check}: " not in again.stderr.decode()
    return next(line for line in done.stderr.decode().splitlines() if f"{check}: mended" in line)


def test_all_is_in_order_and_every_check_says_so(keybound: Run, staging: Path) -> None:
    rows = [Row(**one) for one in json.loads(keybound("doctor", "--json").stdout)]
    assert [one.check for one in rows] == [check.name for check in CHECKS]
    assert [one.check for one in rows if one.status == "fail"] == []
    assert {one.fix for one in rows if one.status == "ok"} == {None}
    said = keybound("doctor").stdout.decode()
    assert f"ok    home            {staging.parents[2]}/.config/keybound" in said


def test_before_there_is_a_home(keybound: Run, home: Path, environ: dict[str, str], look: Look) -> None:
    before = sorted(home.rglob("*"))
    found = look("home", XDG_CONFIG_HOME=str(home / "a"), XDG_DATA_HOME=str(home / "b"), XDG_STATE_HOME=str(home / "c"))
    assert only(found).fix == "Run: keybound init"
    assert look("store", KEYBOUND_STORE="")[0].message == "no store is chosen yet"
    assert sorted(home.rglob("*")) == before


def test_without_a_home_folder(keybound: Run, look: Look) -> None:
    assert "not a folder" in only(look("home", HOME="/nonexistent")).message
    assert look("versions", HOME="/nonexistent") == []


def test_a_look_writes_nothing(keybound: Run, staging: Path, home: Path) -> None:
    def all_files() -> dict[str, tuple[int, int]]:
        found = (one for one in home.rglob("*") if one.is_file() and not one.name.endswith(SQLITES))
        return {str(one): (one.stat().st_mtime_ns, one.stat().st_mode) for one in found}

    before = all_files()
    assert keybound("doctor").returncode == 0
    assert all_files() == before


def test_the_state_of_another_home(look: Look, staging: Path, home: Path) -> None:
    (home / "other").mkdir()
    assert "belongs to the home" in look("home", XDG_CONFIG_HOME=str(home / "other"))[0].message


def test_a_state_that_is_a_file(keybound: Run, home: Path, look: Look) -> None:
    (home / ".local/state").mkdir(parents=True)
    (home / ".local/state/keybound").write_text("")
    assert "is not a folder" in only(look("home")).message


def test_profiles_that_are_a_file(look: Look, staging: Path, profiles: Path) -> None:
    shutil.rmtree(profiles)
    profiles.write_text("")
    assert f"{profiles} is not a folder" in only(look("home")).message


def test_what_its_owner_may_not_write(staging: Path, environ: dict[str, str]) -> None:
    """In a user namespace: root may write whatever it likes."""
    (path,) = (staging / "journal").glob("*.jsonl")
    path.chmod(0o400)
    (staging / "state.db").chmod(0o400)
    done = as_another_user([COMMAND, "doctor"], environ)
    assert f"{path} cannot be written, so nothing is released" in done
    assert f"Run: chmod u+w {staging}/state.db" in done
    staging.chmod(0o000)
    try:
        said = as_another_user([COMMAND, "doctor"], environ)
    finally:
        staging.chmod(0o700)
    assert f"you may not read and write {staging}" in said
    assert "sysctl" not in said  # no limit keeps the kernel from telling


def as_another_user(command: list[str], environ: dict[str, str]) -> str:
    """What it prints in a user namespace, where nobody is root and root's files are this user's own."""
    words = [needed("unshare"), "--user", "--map-user=1000", *command]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=60)
    if not done.stdout:
        pytest.skip("no user namespace can be made here")
    assert "Traceback" not in done.stderr
    return done.stdout


def test_a_home_of_somebody_else(keybound: Run, staging: Path, look: Look) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(staging / "state.db", 12345, -1)
    assert "state.db belongs to another user" in only(look("modes")).message
    os.chown(staging, 12345, -1)
    assert "you are root, but" in only(look("home")).message


def test_a_home_of_somebody_else_for_who_is_not_root(staging: Path, environ: dict[str, str]) -> None:
    """In a user namespace, where root is another user and the owner of the folder is nobody."""
    if os.getuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(staging, 12345, -1)
    said = as_another_user([COMMAND, "doctor"], environ)
    assert f"{staging} belongs to the user with ID 65534, not to you" in said


def test_a_state_that_is_mounted_read_only(staging: Path, look: Look) -> None:
    with mounted(["--bind", str(staging)], staging, "remount,ro,bind"):
        assert "mounted read-only" in only(look("home")).message
        assert [*look("journal"), *look("state"), *look("alerts")] == []  # it is said once


def test_modes_become_private_again(keybound: Run, staging: Path, look: Look, profiles: Path) -> None:
    (staging / "state.db").chmod(0o644)
    (staging / "journal").chmod(0o755)
    profiles.chmod(0o757)
    readable, writable = look("modes")
    assert str(staging / "state.db") in readable.message
    assert str(profiles) in writable.message
    assert "made your own alone" in mended(look, keybound, "modes")
    assert stat.S_IMODE((staging / "state.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((staging / "journal").stat().st_mode) == 0o700
    assert stat.S_IMODE(profiles.stat().st_mode) == 0o755


def mounted(arguments: list[str], at: Path, again: str = "") -> "Mounted":
    return Mounted(arguments, at, again)


class Mounted:
    """A mount for as long as the block lasts."""

    def __init__(self, arguments: list[str], at: Path, again: str) -> None:
        self.command, self.at, self.again = ["mount", *arguments, str(at)], at, again

    def __enter__(self) -> None:
        if subprocess.run(self.command, capture_output=True, check=False).returncode != 0:
            pytest.skip("nothing can be mounted here")
        if self.again:
            subprocess.run(["mount", "-o", self.again, str(self.at)], check=True)

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", str(self.at)], check=True)


@pytest.mark.parametrize(("size", "status", "said"), [("512k", "fail", "is full"), ("8m", "warn", "almost full")])
def test_a_full_disk(keybound: Run, home: Path, look: Look, size: str, status: str, said: str) -> None:
    place = home / ".local/state/keybound"
    place.mkdir(parents=True)
    with mounted(["-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs"], place):
        found = only(look("disk"))
    assert found.status == status
    assert said in found.message


def test_a_broken_config(look: Look, settings: Path) -> None:
    for text, said in (
        ("schema = 2\n", "config.toml:1"),
        ("[keys\n", "config.toml:1"),
        ('[keys]\nrefresh = "a"\n', "is also the key of add"),
        ('[[alert]]\nto = "nowhere"\n', "config.toml:2"),
    ):
        settings.write_text(text)
        found = look("config")
        assert found[0].status == "fail"
        assert said in found[0].message


def test_a_config_that_names_what_is_not_there(look: Look, settings: Path) -> None:
    settings.write_text(
        'theme = "nosuch"\n[network]\nca = "gone.pem"\n[[use]]\nprofile = "gone"\nfolder = "/no/such"\n'
        '[[alert]]\nto = "bell"\nprofiles = ["lost"]\n'
    )
    said = "\n".join(one.message for one in look("config"))
    for part in ("theme file nosuch", "gone.pem", "profile gone", "folder /no/such", "profile lost"):
        assert part in said


def test_broken_profiles(look: Look, profiles: Path, staging: Path) -> None:
    (profiles / "staging.toml").rename(profiles / "Not A Name.toml")
    (profiles / "broken.toml").write_text(f'schema = 1\n[env]\nA = "{CANARY.decode()}\n')
    (profiles / "orphaned.toml").write_text('schema = 1\nextends = "nobody"\n')
    broken, orphaned, unnamed, in_use = look("profiles")
    assert "broken.toml:3" in broken.message
    assert "no such profile" in orphaned.message
    assert "Not A Name.toml is no profile" in unnamed.message
    assert in_use.message == "the profile in use, staging, does not exist"
    (profiles.parent / "policy.toml").write_text("nonsense = 1\n")
    assert "policy.toml:1" in only(look("profiles")).message


def test_the_file_store_gone_and_locked(keybound: Run, look: Look, staging: Path, home: Path) -> None:
    keybound("lock")
    assert look("store") == []  # the environment offers its passphrase, which is not used
    assert "is locked, and the environment offers its passphrase" in keybound("doctor").stdout.decode()
    assert keybound("status", "--json", more={"KEYBOUND_PASSWORD_FILE": ""}).stdout.count(b'"locked"') == 1
    assert only(look("store", KEYBOUND_PASSWORD_FILE="")).fix == "Unlock it: keybound unlock"
    (home / ".local/share/keybound/store/identity.age").unlink()
    found = only(look("store"))
    assert (found.status, found.message.endswith("there is no file store yet")) == ("fail", True)


def test_the_passphrase_that_is_offered(look: Look, staging: Path, tmp_path: Path) -> None:
    password = tmp_path / "passphrase"
    password.chmod(0o644)
    assert "can be read by others" in only(look("passphrase")).message
    assert "no such file" in only(look("passphrase", KEYBOUND_PASSWORD_FILE=str(tmp_path / "gone"))).message
    for command, said in (("no-such-program x", "no such program: no-such-program"), ("pass 'x", "unclosed")):
        more = {"KEYBOUND_PASSWORD_FILE": "", "KEYBOUND_PASSWORD_COMMAND": command}
        assert said in only(look("passphrase", **more)).message


def test_a_kernel_that_keeps_no_keys(staging: Path, environ: dict[str, str], tmp_path: Path) -> None:
    """A filter of system calls, as containers have."""
    code = (
        "import runpy, sys; from keybound.stores.age import kernel_keyring as k; k._CALLS = {}; "
        "from keybound.cli.main import main; sys.exit(main(['doctor', '--json']))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=False, timeout=60)
    (found,) = [Row(**one) for one in json.loads(done.stdout) if one["check"] == "kernel keyring"]
    assert found.status == "warn"
    assert "keeps no keys here" in found.message


@pytest.fixture
def empty_bus(tmp_path: Path) -> Iterator[Bus]:
    with private_bus(tmp_path / "bus") as bus:
        yield bus


def on(bus: Bus) -> dict[str, str]:
    return {"KEYBOUND_STORE": "keyring", "DBUS_SESSION_BUS_ADDRESS": bus.environ["DBUS_SESSION_BUS_ADDRESS"]}


def test_a_real_keyring_open_and_locked(empty_bus: Bus, keybound: Run, look: Look) -> None:
    empty_bus.start_keyring()
    assert look("bus", **on(empty_bus)) == []
    assert look("store", **on(empty_bus)) == []
    assert keybound("lock", more=on(empty_bus)).returncode == 0
    found = only(look("store", **on(empty_bus)))
    assert (found.status, found.fix) == ("warn", "Unlock it: keybound unlock")


def test_no_keyring_and_no_bus(empty_bus: Bus, look: Look) -> None:
    assert "no keyring is on it" in only(look("bus", **on(empty_bus))).message
    assert only(look("store", **on(empty_bus))).status == "fail"
    gone = {"KEYBOUND_STORE": "keyring", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    assert "the session bus is gone" in only(look("bus", **gone)).message
    none = {"KEYBOUND_STORE": "keyring", "DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": "/nonexistent"}
    assert "there is no session bus" in only(look("bus", **none)).message


def test_a_keyring_that_answers_nothing(empty_bus: Bus, look: Look) -> None:
    empty_bus.start_impostor("mute")
    begun = time.monotonic()
    assert "did not answer within" in only(look("store", **on(empty_bus))).message
    assert time.monotonic() - begun < 15


def test_a_bus_that_hangs(keybound: Run, look: Look, tmp_path: Path) -> None:
    """It takes the connection, and says nothing."""
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen(8)
        more = {"KEYBOUND_STORE": "keyring", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/deaf"}
        begun = time.monotonic()
        assert only(look("bus", **more)).message == "the session bus did not answer within 3 s"
        assert time.monotonic() - begun < 15


def test_a_lock_that_is_held(look: Look, staging: Path) -> None:
    with (staging / "lock").open("rb+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = only(look("lock"))
    assert found.status == "warn"
    assert f"is held by process {os.getpid()}" in found.message


def test_a_lock_that_a_stopped_process_holds(look: Look, staging: Path) -> None:
    code = f"import fcntl, os, signal; f = open({str(staging / 'lock')!r}, 'rb+'); fcntl.flock(f, 2); os.kill(os.getpid(), 19)"
    child = subprocess.Popen([sys.executable, "-c", code])
    try:
        os.waitpid(child.pid, os.WUNTRACED)
        assert only(look("lock")).fix == f"Go on with it: kill -CONT {child.pid}"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(timeout=10)


def test_a_lock_that_is_a_link(look: Look, staging: Path) -> None:
    (staging / "lock").unlink()
    (staging / "lock").symlink_to(staging / "state.db")
    assert "it is a link" in only(look("lock")).message


def test_an_unfinished_change(keybound: Run, look: Look, staging: Path, environ: dict[str, str]) -> None:
    """A removal that is killed before its secret goes."""
    code = (
        "import os, signal, sys; from keybound.custody.envelopes import transaction; "
        "transaction.at_step = lambda step: step == 'profile' and os.kill(os.getpid(), signal.SIGKILL); "
        "from keybound.cli.main import main; main(['remove', 'staging/github', '--yes'])"
    )
    keybound("unlock")
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    found = only(look("changes"))
    assert (found.status, "staging/github: an unfinished change (removed)" in found.message) == ("fail", True)
    assert "doctor --fix" in str(found.fix)
    keybound("lock")
    assert "keybound unlock" in str(only(look("changes", "--fix")).fix)  # nothing is unlocked for it
    keybound("unlock")
    assert "an interrupted change was completed" in mended(look, keybound, "changes")


def test_an_unfinished_change_of_the_store(look: Look, staging: Path, home: Path) -> None:
    (home / ".local/share/keybound/store" / REKEYING).write_text("")
    found = only(look("changes"))
    assert (found.status, found.fix) == ("fail", "Finish it: keybound store rekey")


def test_what_killed_processes_left(keybound: Run, look: Look, staging: Path, profiles: Path) -> None:
    (profiles / ".keybound-99999999-abc.tmp").write_text("half")
    os.utime(profiles / ".keybound-99999999-abc.tmp", (1, 1))
    (staging / "hooks/99999999-x").mkdir(parents=True)
    temporary, hooks = look("leftovers")
    assert "1 temporary file" in temporary.message
    assert "1 shell that ended" in hooks.message
    assert "1 temporary file removed" in mended(look, keybound, "leftovers")
    assert not (staging / "hooks/99999999-x").exists()


def test_a_damaged_file_that_was_set_aside(look: Look, staging: Path) -> None:
    (staging / "state.db.broken-1").write_text("")
    assert only(look("leftovers")).message == f"{staging}/state.db.broken-1 was damaged, and set aside"


def test_an_unfinished_line_of_the_journal(keybound: Run, look: Look, staging: Path) -> None:
    (path,) = (staging / "journal").glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"seq":99')
    assert "(9 bytes)" in only(look("journal")).message
    assert "9 bytes of an unfinished line cut off" in mended(look, keybound, "journal")
    assert keybound("log", "--verify").returncode == 0


def test_a_changed_event(look: Look, staging: Path) -> None:
    (path,) = (staging / "journal").glob("*.jsonl")
    path.write_text(path.read_text().replace("staging/github", "staging/gitlab"))
    found = only(look("journal"))
    assert (found.status, "was changed" in found.message) == ("fail", True)


def test_a_missing_event(look: Look, staging: Path) -> None:
    (path,) = (staging / "journal").glob("*.jsonl")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    assert "does not follow" in only(look("journal")).message


def test_a_broken_state(look: Look, staging: Path) -> None:
    with (staging / "state.db").open("rb+") as file:
        file.write(b"no database at all")
    for ending in ("-wal", "-shm"):
        (staging / f"state.db{ending}").unlink(missing_ok=True)
    found = only(look("state"))
    assert (found.status, "not a database" in found.message) == ("fail", True)
    assert not list(staging.glob("*.broken*"))


def test_an_empty_state(look: Look, staging: Path) -> None:
    (staging / "state.db").write_bytes(b"")
    assert only(look("state")).message == f"{staging}/state.db: it is empty"
    assert (staging / "state.db").stat().st_size == 0


def test_a_state_of_a_newer_version(look: Look, staging: Path) -> None:
    with sqlite3.connect(staging / "state.db") as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    assert "newer Keybound" in only(look("state")).message


def test_the_index_of_releases_is_made_anew(keybound: Run, look: Look, staging: Path) -> None:
    assert keybound("exec", "--", "true").returncode == 0
    assert keybound("usage", "github").returncode == 0
    (staging / "usage.db").write_bytes(b"nonsense" * 1000)
    assert "usage.db" in only(look("state")).message
    assert "made anew" in mended(look, keybound, "state")
    assert (staging / "usage.db").exists()


def test_a_clock_that_is_behind(look: Look, staging: Path) -> None:
    journal = Journal(str(staging / "journal"))
    journal.append([Draft("approved", "", {}, {})], datetime.now(UTC) + timedelta(hours=3))
    assert only(look("clock")).status == "warn"
    journal.append([Draft("approved", "", {}, {})], datetime.now(UTC) + timedelta(days=3))
    found = only(look("clock"))
    assert found.status == "fail"
    assert "keybound approve --accept-clock" in str(found.fix)


def test_a_secret_without_a_definition(look: Look, staging: Path, profiles: Path) -> None:
    assert look("orphans") == []
    (profiles / "staging.toml").write_text("schema = 1\n")
    assert "keybound adopt staging/github" in str(only(look("orphans")).fix)
    (profiles / "staging.toml").write_text("schema = [\n")
    assert look("orphans") == []  # who knows what it defines


def test_alerts_that_cannot_arrive(keybound: Run, look: Look, settings: Path, home: Path) -> None:
    settings.write_text('[agent]\nstart = "never"\n[[alert]]\nto = "command"\ncommand = ["tell"]\n')
    assert "tell does not run: not approved" in look("alerts")[0].message
    settings.write_text('[agent]\nstart = "never"\n[[alert]]\nto = "file:/no/such/folder/alerts"\n')
    (home / "kube.yaml").write_text("current-context: prod\n")
    time.sleep(REST)
    assert keybound("watch", "--once").returncode == 1
    found = only(look("alerts"))
    assert "alerts to file:/no/such/folder/alerts" in found.message
    assert found.fix == "Try it: keybound alerts test"


def test_alerts_that_nobody_delivers(keybound: Run, look: Look, staging: Path) -> None:
    with sqlite3.connect(staging / "state.db") as connection:
        connection.execute(
            "INSERT INTO alerts (at, kind, about, message, stands, delivered) VALUES "
            "('2026-01-01T00:00:00+00:00', 'expired', 'staging/github', 'expired', 1, 0)"
        )
    connection.close()
    found = only(look("alerts"))
    assert (found.message, found.fix) == ("1 alert could not be delivered: nobody watches", "Run: keybound watch")


def test_plain_tokens_that_were_left(keybound: Run, look: Look, staging: Path, home: Path) -> None:
    token = good_sample(NPM, random.Random(1))
    (home / ".npmrc").write_text(f"//registry.npmjs.org/:_authToken={token}\n")
    assert keybound("scan", str(home / ".npmrc")).returncode == 1
    found = only(look("alerts"))
    assert found.fix == f"Take them in: keybound import --replace {home}/.npmrc"
    assert token not in found.message


def test_no_backup_and_an_old_one(keybound: Run, look: Look, staging: Path, tmp_path: Path) -> None:
    assert only(look("backup")) == Row("backup", "warn", "no backup yet", "Run: keybound backup FILE")
    (tmp_path / "word").write_text("a long enough passphrase of a backup\n")
    assert keybound("backup", "b.age", "--password-file", str(tmp_path / "word")).returncode == 0
    assert look("backup") == []
    assert keybound("add", "staging/more", "--env", "MORE", given=b"more\n").returncode == 0
    assert "1 token added or changed since" in only(look("backup")).message


def test_a_shell_without_the_hook(look: Look, staging: Path, home: Path) -> None:
    assert "Add to ~/.zshrc" in str(only(look("hook", SHELL="/bin/zsh")).fix)
    (home / ".zshrc").write_text('eval "$(keybound hook zsh)"\n')
    assert only(look("hook", SHELL="/bin/zsh")).fix == "Start a new shell."
    assert look("hook", SHELL="/bin/true") == []


def test_a_hooked_shell(staging: Path, environ: dict[str, str], tmp_path: Path) -> None:
    script = 'eval "$(keybound hook bash)"\n_keybound_hook\nkeybound doctor\n:'
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=environ, cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert b"this shell (bash) is hooked" in done.stdout


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [("instances", "0", "max_user_instances"), ("watches", "1", "max_user_watches")],
)
def test_no_notices_are_left(staging: Path, environ: dict[str, str], limit: str, value: str, said: str) -> None:
    """In a user namespace of its own, whose limits are its own."""
    script = f"echo {value} > /proc/sys/user/max_inotify_{limit} && exec {COMMAND} doctor"
    done = subprocess.run(
        [needed("unshare"), "--user", "--map-root-user", "sh", "-c", script],
        env=environ, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    if not done.stdout:
        pytest.skip("no user namespace can be made here")
    assert f"sudo sysctl fs.inotify.{said}=" in done.stdout.decode()


def test_the_socket_of_a_killed_agent(
    staging: Path, environ: dict[str, str], tmp_path: Path, keybound: Run, look: Look
) -> None:
    aided = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"}
    done = subprocess.run([COMMAND, "agent", "start"], env=aided, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    pid = int(done.stdout.split()[-1].rstrip(b").\n"))
    assert look("agent") == []
    assert f"it is running (process {pid})" in keybound("doctor").stdout.decode()
    os.kill(pid, signal.SIGKILL)
    assert comes(lambda: bool(look("agent")))
    assert "of an agent that was killed" in only(look("agent")).message
    assert "removed" in mended(look, keybound, "agent")
    assert not socket_of(environ).exists()


def test_an_agent_of_another_installation(staging: Path, environ: dict[str, str], tmp_path: Path, look: Look) -> None:
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin/python").symlink_to(os.path.realpath(sys.executable))
    (other / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", other)
    aided = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"}
    server = subprocess.Popen([str(other / "bin/python"), "-I", "-m", "keybound.cli.agent.server"], env=aided)
    try:
        assert comes(lambda: socket_of(environ).exists())
        found = only(look("agent"))
        assert f"(process {server.pid}) is another installation's: {other}/bin/python" in found.message
        assert found.fix == "Run: keybound agent stop"
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_another_keybound_on_the_path(look: Look, staging: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    other = tmp_path / "bin/keybound"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert f"{other}, which comes first" in only(look("versions", PATH=f"{other.parent}:{environ['PATH']}")).message


def test_the_summary_says_what_can_be_mended(keybound: Run, staging: Path) -> None:
    (staging / "state.db").chmod(0o644)
    done = keybound("doctor")
    assert done.returncode == 1
    assert "some can be mended by: keybound doctor --fix" in done.stdout.decode()
    assert keybound("doctor", "--nonsense").returncode == 2
