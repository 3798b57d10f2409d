"""One home under several spellings, a home that was moved, and places where there is no home."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.staging import CANARY, COMMAND, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def states(done: "subprocess.CompletedProcess[bytes]") -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {row["id"]: row["state"] for row in json.loads(done.stdout)}


@pytest.mark.parametrize("spelling", ["link", "slashes", "dot", "dots"])
def test_one_home_under_two_spellings(keybound: Run, profiles: Path, home: Path, tmp_path: Path, spelling: str) -> None:
    furnish(keybound, profiles, home)
    (tmp_path / "link").symlink_to(home)
    text = {
        "link": f"{tmp_path}/link",
        "slashes": f"/{tmp_path}//home",
        "dot": f"{tmp_path}/./home/",
        "dots": f"{tmp_path}/home/../home",
    }[spelling]
    other = {"HOME": text}
    assert states(keybound("list", "--json", more=other)) == {"staging/github": "active"}
    assert keybound("exec", "staging", "--", "printenv", "GITHUB_TOKEN", more=other).stdout.strip() == CANARY
    assert keybound("add", "staging/github", "--env", "G", given=b"x\n", more=other).returncode == 1  # it is there
    assert keybound("add", "staging/second", "--env", "SECOND", given=b"two\n", more=other).returncode == 0
    for more in ({}, other):
        assert keybound("approve", "staging", "--yes", more=more).returncode == 0
        assert set(states(keybound("list", "--json")).values()) == {"active"}
        assert set(states(keybound("list", "--json", more=other)).values()) == {"active"}
    assert keybound("log", "--verify").returncode == 0


def test_a_home_made_through_a_link_is_found_without_it(keybound: Run, profiles: Path, home: Path) -> None:
    real = home.with_name("real")
    home.rename(real)
    home.symlink_to(real)
    furnish(keybound, profiles, home)
    straight = {"HOME": str(real)}
    assert states(keybound("list", "--json", more=straight)) == {"staging/github": "active"}
    (real / ".local/state/keybound/home.json").unlink()  # a home of before it was recorded
    assert states(keybound("list", "--json")) == {"staging/github": "active"}


def test_two_homes_on_one_state_do_each_other_no_harm(
    keybound: Run, profiles: Path, home: Path, tmp_path: Path
) -> None:
    furnish(keybound, profiles, home)
    shutil.copytree(home / ".config", tmp_path / "copied")
    other = {"XDG_CONFIG_HOME": str(tmp_path / "copied")}
    assert states(keybound("list", "--json", more=other)) == {"staging/github": "missing"}
    said = keybound("why", "staging/github", more=other).stdout.decode()
    assert f"keybound adopt --from {home}/.config/keybound" in said
    for act in (
        ("add", "staging/github", "--env", "G"),
        ("approve", "staging", "--yes"),
        ("remove", "staging/github", "--yes"),
    ):
        done = keybound(*act, given=b"x\n", more=other)
        assert done.returncode in (0, 1, 4), act
        assert states(keybound("list", "--json")) == {"staging/github": "active"}
    done = keybound("profile", "set", "staging", "settings.x", "1", "--yes", more=other)
    assert done.returncode == 1
    assert f"belongs to the home {home}/.config/keybound" in done.stderr.decode()
    assert keybound("exec", "staging", "--", "true").returncode == 0


@pytest.mark.parametrize("where", ["/dev/null", "/nonexistent", "relative"])
def test_a_home_that_is_no_folder(keybound: Run, tmp_path: Path, where: str) -> None:
    for act in (("list",), ("init",), ("exec", "--", "true"), ("add", "default/x", "--env", "X")):
        done = keybound(*act, given=b"x\n", more={"HOME": where})
        said = done.stderr.decode()
        assert (done.returncode, done.stdout) == (2, b""), (act, said)
        assert "HOME is" in said
        assert "Set HOME" in said
        assert said.count("\n") == 2
    assert not [path for path in tmp_path.rglob("*") if path.name in ("relative", "~", "home.json")]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="keybound-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_no_home_and_no_entry_for_this_user(open_folder: Path, environ: dict[str, str]) -> None:
    """In a user namespace without an entry, or as another id where the interpreter can be reached."""
    if os.geteuid() != 0 or not _reachable():
        pytest.skip("needs root, and an interpreter that other users can run")
    without = {name: value for name, value in environ.items() if name != "HOME"}
    work = open_folder / "work"
    work.mkdir(mode=0o777)
    work.chmod(0o777)
    done = subprocess.run(
        [COMMAND, "init"], env=without, cwd=work, capture_output=True, check=False, user=54321, group=54321
    )
    assert done.returncode == 2, done.stderr
    assert b"HOME is not set" in done.stderr
    assert not list(work.iterdir())


def _reachable() -> bool:
    try:
        done = subprocess.run([sys.executable, "-c", ""], check=False, capture_output=True, user=54321, group=54321)
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stand in another user's home")
def test_root_with_a_users_home_changes_nothing(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    for path in [home, *home.rglob("*")]:
        os.chown(path, 12345, 12345, follow_symlinks=False)
    for act in (
        ("add", "default/c", "--env", "C"),
        ("list",),
        ("exec", "staging", "--", "true"),
        ("env", "staging", "--shell", "bash"),
        ("approve", "staging", "--yes"),
    ):
        done = keybound(*act, given=b"x\n")
        assert (done.returncode, done.stdout) == (1, b""), act
        assert "you are root" in done.stderr.decode()
        assert "sudo -u '#12345'" in done.stderr.decode()
    assert not [path for path in home.rglob("*") if path.lstat().st_uid == 0]


def test_one_unreadable_item_is_at_fault_alone(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    assert keybound("add", "staging/second", "--env", "SECOND", given=b"two\n").returncode == 0
    item = home / ".local/share/keybound/store/staging/second.age"
    item.unlink()
    item.mkdir()  # as unreadable for root as a file of another owner is for a user
    assert states(keybound("list", "--json")) == {"staging/github": "active", "staging/second": "suspended"}
    done = keybound("env", "staging", "--shell", "json")
    assert json.loads(done.stdout) == {"GITHUB_TOKEN": CANARY.decode()}
    assert "its file cannot be read: Is a directory" in done.stderr.decode()
    item.rmdir()
