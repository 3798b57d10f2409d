"""The agent watches: what leaves its bounds while nobody asks is expired in the store and the journal, by one process."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.cli.agent.server import AGAIN
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.domain.text.secret import Secret
from keybound.stores import watchers
from keybound.stores.age import kernel_keyring
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.generation import touch
from keybound.stores.keyring.home_tag import home_tag
from keybound.stores.state import Known
from support.agents import begun, comes, runner, socket_of, started, with_agents
from support.quick_store import make_quickly
from support.secret_service import Bus
from support.staging import CANARY, COMMAND, Run, furnish

EXEC = ("exec", "staging", "--", "printenv", "GITHUB_TOKEN")


@pytest.fixture
def cached() -> None:
    """The agent has no passphrase: it needs the unlocked identity where the kernel keeps it."""
    if not kernel_keyring.put("keybound:test", Secret("nothing"), 1):
        pytest.skip("the kernel keeps no identity here, so the embedded store is unlocked each time")


@pytest.fixture
def aided(cached: None, environ: dict[str, str], keybound: Run, profiles: Path, home: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody who has agents; the home has the token staging/github."""
    furnish(keybound, profiles, home)
    with with_agents(environ) as made:
        yield made


@pytest.fixture
def run(aided: dict[str, str], tmp_path: Path) -> Run:
    """Run the installed command there."""
    return runner(aided, tmp_path)


@pytest.fixture
def agent(run: Run, home: Path) -> int:
    """The process id of an agent that has looked around."""
    return watching(run, home)


def watching(run: Run, home: Path, folder: str = "") -> int:
    """An agent that watches ``folder`` below the home."""
    pid = started(run)
    assert comes(lambda: follows(pid, home, home / folder)), "it watches"
    return pid


def follows(pid: int, home: Path, folder: Path) -> bool:
    """Whether the process has the kernel's notices of the folder, as far as that may be seen; else whether an agent watches."""
    inode = f"ino:{os.stat(folder).st_ino:x} "
    try:
        return any(inode in read(path) for path in Path(f"/proc/{pid}/fdinfo").iterdir())
    except PermissionError:  # only root may look into what is not dumpable
        return watchers.is_watched(str(home / ".local/state/keybound"), watchers.AGENT)


def read(path: Path) -> str:
    """A text that may be gone meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""


def open_files(pid: int) -> list[str]:
    """What a process has open, as far as that may be seen: only root may look into what is not dumpable."""
    try:
        return [path.readlink().name for path in Path(f"/proc/{pid}/fd").iterdir()]
    except PermissionError:
        return []


def events(home: Path, kind: str = "expired") -> list[dict[str, object]]:
    """Events of that kind, read from the journal's files, so that nothing is looked at."""
    folder = home / ".local/state/keybound/journal"
    rows = [json.loads(row) for path in sorted(folder.glob("*.jsonl")) for row in path.read_text().splitlines()]
    return [row for row in rows if row["kind"] == kind]


def above(event: dict[str, object]) -> list[str]:
    by = event["by"]
    assert isinstance(by, dict)
    return list(by["parents"])


def put(home: Path, context: str) -> None:
    (home / "kube.yaml").write_text(f"current-context: {context}\n")


@pytest.mark.parametrize("store", ["keyring"], indirect=True)
def test_a_locked_keyring_is_not_asked_to_open(
    whole: dict[str, str], bus: Bus, tmp_path: Path, home: Path, profiles: Path
) -> None:
    with with_agents(whole) as made:
        run = runner(made, tmp_path)
        furnish(run, profiles, home)
        pid = watching(run, home)
        assert run("lock").returncode == 0
        assert comes(lambda: not Path(f"/proc/{pid}").exists())
        pid = watching(run, home)
        put(home, "prod")
        assert comes(lambda: known(made).pending)
        assert Path(f"/proc/{pid}").exists()
        bus.unlock()
        touch(Context(made, "/").home.generation)
        assert comes(lambda: events(home))


def test_what_leaves_its_bounds_while_nobody_asks_expires(run: Run, agent: int, home: Path) -> None:
    put(home, "prod")
    assert comes(lambda: events(home))
    assert above(events(home)[0])[0] == f"keybound-agent:{agent}"
    put(home, "staging")
    done = run(*EXEC)
    assert (done.returncode, CANARY in done.stdout) == (1, False), "the store knows it too"
    assert len(events(home)) == 1


def test_a_profile_that_is_edited_and_a_link_that_is_repointed_are_seen(run: Run, home: Path, profiles: Path) -> None:
    for name in ("one", "two"):
        (home / name).mkdir()
        (home / name / "kube.yaml").write_text(f"current-context: {'staging' if name == 'one' else 'prod'}\n")
    (home / "kube.yaml").unlink()
    (home / "kube.yaml").symlink_to("here/kube.yaml")
    (home / "here").symlink_to("one")
    watching(run, home, "one")
    (home / "next").symlink_to("two")
    os.rename(home / "next", home / "here")
    assert comes(lambda: events(home)), "a link on the way leads elsewhere"
    assert run("approve", "staging/github", "--yes").returncode == 1
    (home / "next").symlink_to("one")
    os.rename(home / "next", home / "here")
    assert run("approve", "staging/github", "--yes").returncode == 0
    profile = profiles / "staging.toml"
    profile.write_text(profile.read_text().replace("beta_writes = false", "beta_writes = true"))
    assert comes(lambda: len(events(home)) == 2)


def test_a_locked_store_keeps_it_pending_until_it_is_opened(
    run: Run, aided: dict[str, str], agent: int, home: Path
) -> None:
    assert run("lock").returncode == 0
    assert comes(lambda: not Path(f"/proc/{agent}").exists()), "the agent ends when the store is locked"
    watching(run, home)
    put(home, "prod")
    assert comes(lambda: known(aided).pending), "the state knows it"
    assert events(home) == []
    put(home, "staging")
    assert run("unlock").returncode == 0
    assert comes(lambda: events(home)), "written as soon as the store is open"
    assert run(*EXEC).returncode == 1


def known(environ: dict[str, str]) -> Known:
    """What the state knows of the token, read without a look at anything else."""
    context = Context(environ, "/")
    try:
        return context.state.known()["staging/github"]
    finally:
        context.close()


def test_a_lock_from_the_application_ends_it_too(aided: dict[str, str], agent: int) -> None:
    assert CustodyAppService(Context(aided, "/")).lock().ok
    assert comes(lambda: not Path(f"/proc/{agent}").exists())


def test_what_time_alone_ends_is_recorded_when_it_is_time(run: Run, home: Path, profiles: Path) -> None:
    profile = profiles / "staging.toml"
    profile.write_text(profile.read_text().replace('"dev"]', '"dev"], grace = "3s"'))
    assert run("approve", "staging", "--yes").returncode == 0
    watching(run, home)
    put(home, "prod")
    assert comes(lambda: events(home, "grace")), "its grace has begun"
    assert events(home) == []
    assert comes(lambda: events(home)), "and nothing but the clock has moved since"


def test_scopes_that_move_are_alerted_and_wait_for_somebody_to_hear(run: Run, home: Path, profiles: Path) -> None:
    profile = profiles / "staging.toml"
    roles = '\n[roles]\nactive = ["reader"]\n[roles.grants]\nreader = ["read"]\nwriter = ["read", "write"]\n'
    text = profile.read_text().replace("[tokens.github]\n", '[tokens.github]\nscopes = ["read"]\n')
    profile.write_text(text + roles)
    assert run("approve", "staging", "--yes").returncode == 0
    assert run(*EXEC).stdout.strip() == CANARY
    watching(run, home)
    profile.write_text(profile.read_text().replace('active = ["reader"]', "active = []"))
    assert comes(lambda: events(home, "scopes"))
    assert [one["detail"] for one in events(home, "scopes")] == [{"gained": [], "lost": ["read"]}]
    alerts = [one for one in json.loads(run("alerts", "--json").stdout) if one["kind"] == "lost"]
    assert [(one["id"], one["message"], one["seen"]) for one in alerts] == [("staging/github", "loses read", False)]


REFRESH = """
[tokens.github.refresh]
command = ["./mint"]
timeout = "30s"
"""


def with_refresh(run: Run, profiles: Path, script: str, more: str = "") -> None:
    """Have the token refreshed by a script when its context leaves the bounds."""
    mint = profiles / "mint"
    mint.write_text(f"#!/bin/sh\n{script}\n")
    mint.chmod(0o700)
    profile = profiles / "staging.toml"
    text = profile.read_text().replace('one_of = ["staging", "dev"]', 'unchanged = true, outside = "refresh"')
    assert "refresh" in text
    profile.write_text(text + REFRESH + more)
    done = run("approve", "staging", "--yes")
    assert done.returncode == 0, done.stderr
    assert run(*EXEC).stdout.strip() == CANARY


def test_a_sealed_refresh_runs_while_the_store_is_open(run: Run, home: Path, profiles: Path, tmp_path: Path) -> None:
    with_refresh(run, profiles, f"echo ran >> {tmp_path}/ran; echo new-secret")
    watching(run, home)
    put(home, "other")
    assert comes(lambda: events(home, "refreshed"))
    assert run(*EXEC).stdout.strip() == b"new-secret"
    assert (tmp_path / "ran").read_text() == "ran\n"


def test_a_refresh_that_wants_a_variable_is_left_to_who_has_it(
    run: Run, aided: dict[str, str], home: Path, profiles: Path
) -> None:
    with_refresh(run, profiles, 'echo "new-$PLACE"', 'inputs = ["PLACE"]\n')
    watching(run, home)
    put(home, "other")
    assert comes(lambda: known(aided).verdict == "suspended"), "it looked"
    assert (events(home), events(home, "refreshed")) == ([], [])
    assert run(*EXEC, more={"PLACE": "here", "KEYBOUND_AGENT": "off"}).stdout.strip() == b"new-here"


def test_an_agent_that_is_killed_in_the_middle_leaves_a_whole_token(
    run: Run, home: Path, profiles: Path, tmp_path: Path
) -> None:
    gate, ran = tmp_path / "gate", tmp_path / "ran"
    os.mkfifo(gate)
    with_refresh(run, profiles, f"echo $PPID >> {ran}; cat {gate}; echo new-secret")
    agent = watching(run, home)
    put(home, "other")
    assert comes(lambda: ran.exists() and ran.read_text()), "the command runs"
    os.kill(agent, signal.SIGKILL)
    held = open_files(int(ran.read_text()))
    assert not {"lock", "watching-agent"} & set(held), "nothing that the next agent needs"
    assert not any("socket" in name or "inotify" in name for name in held)
    started(run)
    gate.write_text("")
    assert comes(lambda: events(home, "refreshed"))
    assert run(*EXEC).stdout.strip() == b"new-secret"
    assert (ran.read_text().count("\n"), len(events(home, "refreshed"))) == (1, 1), "one process refreshed it, once"
    assert run("log", "--verify").returncode == 0


def test_two_homes_have_two_that_know_nothing_of_each_other(
    run: Run, aided: dict[str, str], agent: int, home: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    environ = {**aided, "HOME": str(other)}
    config = str(other / ".config/keybound")
    make_quickly(AgeFileStore(str(other / ".local/share/keybound/store"), home_tag(config), environ, cache_seconds=900))
    there = runner(environ, tmp_path)
    furnish(there, other / ".config/keybound/profiles", other)
    assert watching(there, other) != agent
    put(other, "prod")
    assert comes(lambda: events(other))
    assert events(home) == []
    assert run(*EXEC).stdout.strip() == CANARY
    put(home, "prod")
    assert comes(lambda: events(home))
    assert len(events(other)) == 1
    assert there("lock").returncode == 0


def test_beside_a_persons_watcher_it_keeps_still_and_then_goes_on(
    run: Run, aided: dict[str, str], agent: int, home: Path
) -> None:
    state = str(home / ".local/state/keybound")
    watcher = subprocess.Popen([COMMAND, "watch"], env=aided, stdout=subprocess.DEVNULL)
    try:
        assert comes(lambda: watchers.is_watched(state))
        assert json.loads(run("status", "--json").stdout)["watcher"] == "watch"
        os.kill(watcher.pid, signal.SIGSTOP)
        before = wakeups(agent)
        put(home, "prod")
        assert comes(lambda: wakeups(agent) >= before + 2), "it hears of the change, and sees that another one watches"
        assert events(home) == []
    finally:
        watcher.kill()
        watcher.wait()
    assert comes(lambda: events(home)), "it goes on once that one has ended"
    assert above(events(home)[0])[0] == f"keybound-agent:{agent}"
    assert json.loads(run("status", "--json").stdout)["watcher"] == "agent"


def wakeups(pid: int) -> int:
    """How often the threads of the process have gone to sleep."""
    texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(text.partition("\nvoluntary_ctxt_switches:")[2].split()[0]) for text in texts)


def test_waiting_costs_nothing(agent: int) -> None:
    """Beside a clock that ticks a hundred times it hardly wakes up, once it has looked around.

    Other tests make folders beside this one's, in a folder above: those are heard too.
    """

    def while_it_ticks() -> int:
        before = wakeups(agent)
        subprocess.run(["sh", "-c", "for i in $(seq 100); do sleep 0.02; done"], check=True, timeout=60)
        return wakeups(agent) - before

    assert comes(lambda: while_it_ticks() < 20)


HOOKED = """
import sys
from keybound.cli.agent import server
server.IDLE, server._LOOK = 0.5, 0.1
sys.exit(server.serve())
"""


def test_another_home_in_its_place_ends_it(aided: dict[str, str], home: Path) -> None:
    agent = begun(HOOKED.replace("0.5", "1000"), aided)
    state = home / ".local/state/keybound"
    state.rename(state.with_name("elsewhere"))
    assert agent.wait(20) == AGAIN


def test_a_hooked_shell_keeps_it_and_nobody_else_does(aided: dict[str, str], home: Path) -> None:
    shell = subprocess.Popen(["sleep", "60"])
    stamps = home / f".local/state/keybound/hooks/{shell.pid}-1"
    stamps.mkdir(parents=True)
    agent = begun(HOOKED, aided)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            agent.wait(2)
    finally:
        shell.kill()
        shell.wait()
    assert agent.wait(20) == 0
    assert not socket_of(aided).exists()
