"""The hook's step by an agent: it answers what the direct step answers, whatever has changed."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from keybound.custody.shell_state.project import PROJECT
from keybound.shells.starting import start_command
from support.agents import asked, comes, socket_of
from support.secret_service import Bus
from support.staging import CANARY, COMMAND, REST, Run, released

PATIENT = [word.replace("client.main()", "client.PATIENCE = 20; client.main()") for word in start_command()]
GUARD = "keybound.domain.guard.guard"


class Step(NamedTuple):
    """What one step printed for a shell that reads JSON, what it said, and whether an agent answered."""

    answer: dict[str, Any]
    said: str
    aided: bool


class Shell:
    """A hooked shell as the program sees it: its environment, its folder, its stamps."""

    def __init__(self, environ: dict[str, str], cwd: Path, home: Path) -> None:
        self.environ, self.cwd = dict(environ), cwd
        self.stamps = home / ".local/state/keybound/hooks/1-test"

    def step(self, **more: str) -> Step:
        """One step, whose answer the shell does not take."""
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *PATIENT, "hook-step", "xonsh", str(self.stamps)],
            env={**self.environ, **more}, cwd=self.cwd, capture_output=True, text=True, timeout=60, start_new_session=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said = [line for line in done.stderr.splitlines() if line.startswith("keybound: ")]
        return Step(json.loads(done.stdout), "\n".join(said), GUARD not in done.stderr)

    def take(self, answer: dict[str, Any]) -> None:
        """Set and drop what an answer says."""
        self.environ.update(answer["put"])
        for name in answer["drop"]:
            del self.environ[name]
        self.environ["KEYBOUND_HELD"] = answer["held"]


@pytest.fixture
def shell(staged: Path, whole: dict[str, str], tmp_path: Path, home: Path) -> Iterator[Shell]:
    """A shell that holds nothing yet, in a home with an agent."""
    (folder := tmp_path / "folder").mkdir()
    runtime = tempfile.mkdtemp(prefix="kb-")  # a socket's path may not be long
    aided = {name: value for name, value in whole.items() if name != "KEYBOUND_AGENT"} | {"XDG_RUNTIME_DIR": runtime}
    (home / ".config/keybound/config.toml").write_text('[agent]\nstart = "manual"\n')
    subprocess.run([COMMAND, "agent", "start"], env=aided, check=True, capture_output=True)
    yield Shell(aided, folder, home)
    subprocess.run([COMMAND, "agent", "stop"], env=aided, check=False, capture_output=True)
    shutil.rmtree(runtime, ignore_errors=True)


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its salt, with its files in order, each with the time of its marker."""
    times = {path: Path(mark).stat().st_mtime_ns if mark else None for path, mark in answer["files"]}
    held = [entry.rpartition(":")[0] for entry in answer["held"].split(" ")[1:]]
    links = sorted(answer["links"])
    return {**answer, "files": times, "links": links, "held": held, "seconds": answer["seconds"] // 60}


def both(shell: Shell) -> Step:
    """A step by the agent that says what the direct step says."""
    shutil.rmtree(shell.stamps, ignore_errors=True)
    direct = shell.step(KEYBOUND_AGENT="off")
    expected = comparable(direct.answer)
    shutil.rmtree(shell.stamps, ignore_errors=True)  # what was said once is no news
    aided = shell.step()
    assert (direct.aided, aided.aided) == (False, True)
    assert aided.said == direct.said
    assert comparable(aided.answer) == expected
    return aided


def holding(shell: Shell, home: Path, run: Run) -> None:
    shell.take(shell.step().answer)


def holding_another(shell: Shell, home: Path, run: Run) -> None:
    holding(shell, home, run)
    shell.environ["GITHUB_TOKEN"] = "somebody else's"


def pinned(shell: Shell, home: Path, run: Run) -> None:
    shell.environ["KEYBOUND_PROFILE"] = "staging"
    run("use", "default")


def in_a_project(shell: Shell, home: Path, run: Run) -> None:
    (shell.cwd / PROJECT).write_text('profile = "staging"\n')
    assert run("allow", str(shell.cwd)).returncode == 0
    run("use", "default")


def through_a_link(shell: Shell, home: Path, run: Run) -> None:
    (home / "kube.yaml").rename(home / "kube.real")
    (home / "kube.yaml").symlink_to("kube.real")


def configured(say: str) -> Callable[[Shell, Path, Run], None]:
    def write(shell: Shell, home: Path, run: Run) -> None:
        with (home / ".config/keybound/config.toml").open("a") as file:
            file.write(f'[hook]\nsay = "{say}"\n')

    return write


def with_plain_variables(shell: Shell, home: Path, run: Run) -> None:
    path = home / ".config/keybound/profiles/staging.toml"
    path.write_text(path.read_text() + '[env]\nREGION = "eu"\n')
    assert run("approve", "staging", "--yes").returncode == 0


def due_soon(shell: Shell, home: Path, run: Run) -> None:
    assert run("add", "staging/soon", "--env", "SOON", "--ttl", "3m", given=b"soon\n").returncode == 0


def locked(shell: Shell, home: Path, run: Run) -> None:
    """The store is locked, by which the agent ended, and nothing tells the passphrase; another agent has started."""
    assert run("lock").returncode == 0
    shell.environ.pop("KEYBOUND_PASSWORD_FILE", None)
    start_anew(shell)


def start_anew(shell: Shell) -> None:
    """Start an agent once the one that a lock ended is gone."""
    assert comes(lambda: not socket_of(shell.environ).exists())
    subprocess.run([COMMAND, "agent", "start"], env=shell.environ, check=True, capture_output=True)


SITUATIONS = {
    "a new shell": lambda shell, home, run: None,
    "a shell that holds it": holding,
    "a shell that changed it": holding_another,
    "a pin": pinned,
    "a project": in_a_project,
    "a link": through_a_link,
    "quiet": configured("quiet"),
    "verbose": configured("verbose"),
    "plain variables": with_plain_variables,
    "due soon": due_soon,
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_it_answers_as_the_direct_step(shell: Shell, home: Path, run: Run, situation: str) -> None:
    SITUATIONS[situation](shell, home, run)
    time.sleep(REST)
    before = released(home)
    aided = both(shell)
    assert released(home) == before + (4 if situation == "due soon" else 2)  # each is journaled
    assert aided.answer["profile"] == "staging"
    assert run("log", "--verify").returncode == 0


def write(path: Path, text: str) -> None:
    path.write_text(text)
    time.sleep(REST)


CHANGES: dict[str, Callable[[Shell, Path, Run], object]] = {
    "a flag": lambda shell, home, run: write(
        path := home / ".config/keybound/profiles/staging.toml", path.read_text().replace("= false ", "= true ")
    ),
    "a file": lambda shell, home, run: write(home / "kube.yaml", "current-context: prod\n"),
    "a variable": lambda shell, home, run: shell.environ.update(AWS_PROFILE="prod"),
    "an expiry": lambda shell, home, run: run("expire", "staging/github", "--yes"),
    "another profile": lambda shell, home, run: run("use", "default"),
    "a rule": lambda shell, home, run: write(
        home / ".config/keybound/config.toml", f'[[use]]\nprofile = "default"\nfolder = "{shell.cwd}"\n'
    ),
    "a project that is not allowed": lambda shell, home, run: write(shell.cwd / PROJECT, 'profile = "default"\n'),
    "a pin": lambda shell, home, run: shell.environ.update(KEYBOUND_PROFILE="default"),
    "a locked store": locked,
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_sees_what_has_changed(shell: Shell, home: Path, run: Run, change: str) -> None:
    assert CANARY.decode() in json.dumps(shell.step().answer)
    CHANGES[change](shell, home, run)
    found = both(shell)
    assert (CANARY.decode() in json.dumps(found.answer)) == (change == "a project that is not allowed")


def test_a_variable_that_keybound_itself_exported_is_not_the_askers(shell: Shell, home: Path, run: Run) -> None:
    """A token bound to a variable that another profile sets to the very value, while the shell has none of its own."""
    path = home / ".config/keybound/profiles/other.toml"
    path.write_text('schema = 1\n[env]\nAWS_PROFILE = "staging"\n')
    assert run("approve", "other", "--yes").returncode == 0
    run("use", "other")
    del shell.environ["AWS_PROFILE"]
    shell.take(shell.step().answer)
    assert shell.environ["AWS_PROFILE"] == "staging"
    run("use", "staging")
    assert CANARY.decode() not in json.dumps(shell.step().answer)


@pytest.mark.parametrize("store", ["file"], indirect=True)
def test_what_was_said_of_a_locked_store_is_said_anew_the_next_time(shell: Shell, run: Run) -> None:
    password = shell.environ.pop("KEYBOUND_PASSWORD_FILE")
    for _ in range(2):
        assert run("unlock", more={"KEYBOUND_PASSWORD_FILE": password}).returncode == 0
        assert run("exec", "--", "true").returncode == 0
        assert shell.step().aided
        assert run("lock").returncode == 0
        start_anew(shell)
        assert "locked" in shell.step().said
        assert shell.step().said == ""


def test_without_stamps_it_looks_at_each_prompt(shell: Shell) -> None:
    shell.stamps.parent.write_text("something else")
    found = shell.step()
    assert (found.aided, found.answer["seconds"], found.answer["files"]) == (True, 0, [])
    assert found.answer["put"] == {"GITHUB_TOKEN": CANARY.decode()}
    assert "the hook checks at every prompt" in found.said


def test_what_goes_is_said_and_old_stamps_are_swept(shell: Shell, home: Path, run: Run) -> None:
    (gone := shell.stamps.parent / "4194000-gone").mkdir(parents=True)
    holding(shell, home, run)
    assert shell.step().said == ""
    assert not gone.exists()


@pytest.mark.parametrize("store", ["keyring"], indirect=True)
def test_a_conversation_begun_ahead_holds_nothing_up_and_lets_nothing_out(
    shell: Shell, run: Run, bus: Bus, tmp_path: Path
) -> None:
    """The keyring ends, or is locked, while a worker that speaks with it waits for its caller."""
    words = ["exec", "staging", "--", "printenv", "GITHUB_TOKEN"]
    answers = "[b'1"
    assert asked(words, shell.environ, str(tmp_path))[:4] == answers
    time.sleep(0.5)  # the next worker has begun its conversation
    bus.restart_keyring()
    assert run(*words, more={**shell.environ, "KEYBOUND_AGENT": ""}).stdout.strip() == CANARY
    time.sleep(0.5)
    assert run("lock").returncode == 0
    start_anew(shell)
    assert asked(words, shell.environ, str(tmp_path)) == "None"
    assert run(*words, more={**shell.environ, "KEYBOUND_AGENT": ""}).returncode == 3
    bus.unlock()
    assert asked(words, shell.environ, str(tmp_path))[:4] == answers
