"""A probe that is killed, is run twice at once, or whose state is lost: a token is as before or as heard, and all is told."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keybound.custody.context.home import find_home
from keybound.custody.envelopes.transaction import STEPS
from support.asked import every_provider
from support.killing import TRANSACTION, run_to
from support.providers import Authority, Provider, Reply, Seen
from support.staging import COMMAND, Run

SECRET = b"ghp_" + b"a" * 36
FEW = Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo"})
MORE = Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo, admin:org"})


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def internet(keybound: Run, environ: dict[str, str], authority: Authority) -> Iterator[Provider]:
    with every_provider(environ, authority) as made:
        made.answer(FEW)
        assert keybound("init").returncode == 0
        bind = 'carried.scopes subset_of=["repo"] outside=expire'
        done = keybound("add", "github", "--env", "GITHUB", "--kind", "github", "--bind", bind, "--yes", given=SECRET)
        assert done.returncode == 0, done.stderr
        assert keybound("probe", "github").returncode == 0
        yield made


def state(keybound: Run) -> str:
    return str(json.loads(keybound("show", "github", "--json").stdout)["state"])


def killed(environ: dict[str, str], step: str) -> None:
    done = run_to(environ, TRANSACTION, step, 1, "probe", "github")
    assert done.returncode == -signal.SIGKILL, done.stderr


def kinds(keybound: Run) -> list[str]:
    return [json.loads(line)["kind"] for line in keybound("log", "--json").stdout.splitlines()]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_leaves_what_was_or_what_was_heard(
    keybound: Run, environ: dict[str, str], internet: Provider, step: str
) -> None:
    internet.answer(MORE)
    killed(environ, step)
    assert "scopes" in kinds(keybound)  # what was gained is told, whatever became of the rest
    assert state(keybound) == ("active" if step in ("intent", "texts") else "expired")
    assert keybound("probe", "github").returncode in (0, 1)
    assert state(keybound) == "expired"
    assert keybound("log", "--verify").returncode == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_while_a_refusal_is_recorded(
    keybound: Run, environ: dict[str, str], internet: Provider, step: str
) -> None:
    internet.answer(Reply({}, 401))
    killed(environ, step)
    assert state(keybound) == ("active" if step in ("intent", "texts") else "expired")
    assert keybound("probe", "github").returncode == 1
    assert state(keybound) == "expired"
    assert keybound("log", "--verify").returncode == 0


def test_a_kill_while_its_provider_thinks_changes_nothing(
    keybound: Run, environ: dict[str, str], internet: Provider
) -> None:
    asked = threading.Event()

    def answer(_: Seen) -> str:
        asked.set()
        return "hang"

    internet.answer(answer)
    with subprocess.Popen([COMMAND, "probe", "github"], env=environ, stdout=subprocess.DEVNULL) as child:
        assert asked.wait(20)
        child.kill()
    assert (state(keybound), kinds(keybound)[-1]) == ("active", "asked")
    internet.answer(FEW)
    assert keybound("probe", "github").returncode == 0


def test_a_lost_state_changes_no_verdict_and_no_comparison(
    keybound: Run, environ: dict[str, str], internet: Provider
) -> None:
    for path in Path(find_home(environ).state).glob("state.db*"):
        path.unlink()
    assert state(keybound) == "active"
    internet.answer(MORE)
    (row,) = json.loads(keybound("probe", "github", "--json").stdout)
    assert row["gained"] == ["admin:org"]
    assert state(keybound) == "expired"


def test_two_at_once_ask_once(keybound: Run, environ: dict[str, str], internet: Provider) -> None:
    before, both = len(internet.seen), threading.Barrier(2, timeout=20)
    entered = threading.Event()

    def answer(_: Seen) -> Reply:
        entered.set()
        both.wait()  # until the other one waits for its turn
        return FEW

    internet.answer(answer)
    first = subprocess.Popen([COMMAND, "probe", "github", "--json"], env=environ, stdout=subprocess.PIPE)
    assert entered.wait(20)
    second = subprocess.Popen([COMMAND, "probe", "github", "--json"], env=environ, stdout=subprocess.PIPE)
    _until_it_waits(second)
    both.wait()
    found = [json.loads(one.communicate(timeout=60)[0])[0] for one in (first, second)]
    assert [one["scopes"] for one in found] == [["repo"], ["repo"]]
    assert len(internet.seen) == before + 1


def _until_it_waits(child: "subprocess.Popen[bytes]") -> None:
    """Until it has opened the lock that the other holds."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if not os.access(f"/proc/{child.pid}/fd", os.R_OK):  # only root may look into what is not dumpable
            return time.sleep(2)
        for name in os.listdir(f"/proc/{child.pid}/fd"):
            try:
                if os.readlink(f"/proc/{child.pid}/fd/{name}").endswith("github.probe"):
                    return None
            except OSError:
                continue
        time.sleep(0.02)
    raise AssertionError("the second probe never came to its lock")


def test_what_cannot_be_journaled_is_not_asked(keybound: Run, environ: dict[str, str], internet: Provider) -> None:
    journal = Path(find_home(environ).state, "journal")
    before = len(internet.seen)
    for path in journal.glob("*.jsonl"):
        path.chmod(0o400)
        path.rename(path.with_suffix(".kept"))
        path.mkdir()
    done = keybound("probe", "github")
    assert done.returncode != 0
    assert len(internet.seen) == before
