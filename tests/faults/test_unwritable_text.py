"""A profile that cannot be written, before, between and after the steps of every act: nothing lost, nobody else blocked."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keybound.custody.envelopes.transaction import STEPS
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

# A folder of another file system that is made read-only when a step is reached: root is held back by it too.
FREEZER = """
import subprocess, sys
from keybound.custody.envelopes import transaction
from keybound.cli.main import main

def at_step(step):
    if step == sys.argv[1]:
        subprocess.run(["mount", "-o", "remount,ro", sys.argv[2]], check=True)

transaction.at_step = at_step
sys.exit(main(sys.argv[3:]))
"""
ACTS = {
    "add": ("add", "staging/new", "--env", "NEW"),
    "remove": ("remove", "staging/github", "--yes"),
    "set": ("profile", "set", "staging", "settings.x", "1", "--yes"),
    "bind": ("bind", "staging/github", "settings.y", "absent=true"),
    "unbind": ("unbind", "staging/github", "flags.beta_writes"),
}
AFTER_TEXT = STEPS[STEPS.index("profile") :]


@pytest.fixture
def store_folder(keybound: Run, profiles: Path, home: Path, tmp_path: Path) -> Iterator[Path]:
    """The profile `staging` as a link into a folder that can be made read-only, as home managers do."""
    furnish(keybound, profiles, home)
    assert keybound("add", "default/other", "--env", "OTHER", given=b"other one\n").returncode == 0
    folder = tmp_path / "nix"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here: these tests need root")
    (folder / "staging.toml").write_bytes((profiles / "staging.toml").read_bytes())
    (profiles / "staging.toml").unlink()
    (profiles / "staging.toml").symlink_to(folder / "staging.toml")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def frozen(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def released(keybound: Run, profile: str) -> dict[str, str]:
    return dict(json.loads(keybound("env", profile, "--shell", "json").stdout))


def nobody_is_blocked(keybound: Run) -> None:
    assert released(keybound, "default") == {"OTHER": "other one"}
    for act in (("list",), ("exec", "default", "--", "true"), ("env", "default", "--shell", "bash")):
        done = keybound(*act)
        assert done.returncode == 0, (act, done.stderr)


@pytest.mark.parametrize("act", ACTS)
def test_unwritable_from_the_start(keybound: Run, store_folder: Path, act: str) -> None:
    text = (store_folder / "staging.toml").read_text()
    frozen(store_folder, "ro")
    done = keybound(*ACTS[act], given=b"second secret\n")
    said = done.stderr.decode()
    assert done.returncode == 3, said
    assert "staging.toml: cannot be written: Read-only file system" in said
    assert "Nothing was changed" in said
    nobody_is_blocked(keybound)
    assert released(keybound, "staging") == {"GITHUB_TOKEN": CANARY.decode()}
    assert (store_folder / "staging.toml").read_text() == text
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("act", ACTS)
def test_unwritable_from_a_step_on(
    keybound: Run, environ: dict[str, str], store_folder: Path, act: str, step: str
) -> None:
    text = (store_folder / "staging.toml").read_text()
    command = [sys.executable, "-c", FREEZER, step, str(store_folder), *ACTS[act]]
    done = subprocess.run(command, env=environ, input=b"second secret\n", capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr
    made = step in AFTER_TEXT
    assert (done.returncode == 0) is made, done.stderr
    nobody_is_blocked(keybound)
    assert ((store_folder / "staging.toml").read_text() != text) is made
    if not made:
        assert released(keybound, "staging") == {"GITHUB_TOKEN": CANARY.decode()}
        assert not (Path(environ["HOME"]) / ".local/state/keybound/waiting").exists()
        assert "undone" in keybound("log").stdout.decode() or step == "intent"
    frozen(store_folder, "rw")
    if not made:
        assert keybound(*ACTS[act], given=b"second secret\n").returncode == 0
    assert keybound("log", "--verify").returncode == 0


def test_a_removal_that_the_store_cannot_finish_waits_for_its_own_token(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    furnish(keybound, profiles, home)
    assert keybound("add", "default/other", "--env", "OTHER", given=b"other one\n").returncode == 0
    broken = """
import sys
from keybound.domain.errors import StoreAwayError
from keybound.stores.age.age_file import AgeFileStore
from keybound.cli.main import main

def away(self, item):
    raise StoreAwayError("the store went away")

AgeFileStore.delete = away
sys.exit(main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", broken, "remove", "staging/github", "--yes"]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert done.returncode == 3, done.stderr
    waiting = home / ".local/state/keybound/waiting/staging@github.json"
    assert waiting.exists()
    assert not (home / ".local/state/keybound/unfinished.json").exists()
    command = [sys.executable, "-c", broken, "exec", "default", "--", "printenv", "OTHER"]
    done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"other one\n"), done.stderr
    assert waiting.exists()  # the store still cannot delete
    assert released(keybound, "staging") == {}
    assert not waiting.exists()  # and now it could
    assert not os.path.exists(home / ".local/share/keybound/store/staging/github.age")
    assert keybound("log", "--verify").returncode == 0


def test_a_waiting_change_withholds_its_own_token(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    """The text cannot be written any more, and the store cannot take its item back."""
    furnish(keybound, profiles, home)
    broken = """
import sys
from keybound.custody.envelopes import transaction
from keybound.custody.envelopes.text_change import Prepared
from keybound.domain.errors import StoreAwayError, UnavailableError
from keybound.stores.age.age_file import AgeFileStore
from keybound.cli.main import main

def away(self, item):
    raise StoreAwayError("the store went away")

def unwritable(self):
    self.discard()
    raise UnavailableError("cannot be written: read-only")

AgeFileStore.delete = away
Prepared.commit = unwritable
sys.exit(main(sys.argv[1:]))
"""

    def run(*act: str) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-c", broken, *act]
        return subprocess.run(command, env=environ, input=b"second\n", capture_output=True, check=False, timeout=60)

    assert run("add", "staging/new", "--env", "NEW").returncode == 3
    assert (home / ".local/state/keybound/waiting/staging@new.json").exists()
    assert run("exec", "staging", "--", "printenv", "GITHUB_TOKEN").stdout.strip() == CANARY
    again = run("add", "staging/new", "--env", "NEW")
    assert again.returncode == 1
    assert b"unfinished change" in again.stderr
    assert released(keybound, "staging") == {"GITHUB_TOKEN": CANARY.decode(), "NEW": "second"}
