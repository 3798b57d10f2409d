"""The agent: the same answers as without it, and never needed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from keybound.cli.agent.places import stamp_of
from keybound.cli.agent.rehearsal import Rehearsal
from keybound.cli.client import client
from support.agents import ASK, asked, begun, comes, runner, socket_of, started, with_agents
from support.staging import CANARY, COMMAND, Run, furnish, released

Ask = Callable[..., str]


@pytest.fixture
def aided(environ: dict[str, str], keybound: Run, profiles: Path, home: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody who has an agent; the home has the token staging/github."""
    furnish(keybound, profiles, home)
    (home / ".config/keybound/config.toml").write_text('[agent]\nstart = "manual"\n')
    with with_agents(environ) as made:
        yield made


@pytest.fixture
def run(aided: dict[str, str], tmp_path: Path, home: Path) -> Run:
    """Run the installed command with the agent."""
    return runner(aided, tmp_path)


@pytest.fixture
def agent(run: Run) -> int:
    """A running agent's process id."""
    return started(run)


@pytest.fixture
def ask(aided: dict[str, str], tmp_path: Path) -> Ask:
    """What an isolated client without site-packages is answered."""

    def ask(*words: str, more: dict[str, str] | None = None) -> str:
        return asked([*words], {**aided, **(more or {})}, str(tmp_path))

    return ask


def direct(run: Run, *words: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
    return run(*words, more={"KEYBOUND_AGENT": "off"}, **more)


def same(one: "subprocess.CompletedProcess[bytes]", other: "subprocess.CompletedProcess[bytes]") -> bool:
    return (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


EXEC = ("exec", "staging", "--", "printenv", "GITHUB_TOKEN")


def test_it_answers_as_the_direct_way_does(run: Run, agent: int, ask: Ask, home: Path) -> None:
    for words in (EXEC, ("exec", "staging", "--", "no-such-program"), ("env", "staging", "--shell", "bash")):
        assert ask(*words)[:4] in ("[b'0", "[b'1"), words
        mine, plain = run(*words), direct(run, *words)
        hide = b"KEYBOUND_HELD"
        assert mine.returncode == plain.returncode
        assert [line for line in mine.stdout.splitlines() if hide not in line] == [
            line for line in plain.stdout.splitlines() if hide not in line
        ]
        assert mine.stderr == plain.stderr
    assert run(*EXEC).stdout.strip() == CANARY


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}, {"LANG": "POSIX"}, {"LC_CTYPE": "C.UTF-8"}])
def test_it_answers_in_every_spelling_of_the_plain_locale(
    aided: dict[str, str], tmp_path: Path, locale: dict[str, str]
) -> None:
    plain = {name: value for name, value in aided.items() if name != "LANG"}
    started = subprocess.run([COMMAND, "agent", "start"], env=plain, cwd=tmp_path, check=False, capture_output=True)
    assert started.returncode == 0, started.stderr
    assert asked([*EXEC], {**plain, **locale}, str(tmp_path))[:4] == "[b'1"
    assert asked([*EXEC], {**plain, "LANG": "de_DE.ISO-8859-1"}, str(tmp_path)) == "None"


def test_the_journal_tells_who_asked(run: Run, agent: int) -> None:
    pid = int(run("exec", "staging", "--", "sh", "-c", "echo $$").stdout)
    direct(run, "exec", "staging", "--", "true")
    mine, plain = (json.loads(row)["by"] for row in run("log", "--json").stdout.splitlines()[-2:])
    assert mine["pid"] == pid, "the process that asked is the one that became the command"
    for field in ("arguments", "cwd", "tty"):
        assert (field, mine[field]) == (field, {**plain, "arguments": 2}[field])
    assert [one.partition(":")[0] for one in mine["parents"]] == [one.partition(":")[0] for one in plain["parents"]]


def test_the_asker_is_the_one_that_is_judged(run: Run, agent: int, ask: Ask) -> None:
    assert run("bind", "staging/github", "env:STAGE equals=one", "--yes", more={"STAGE": "one"}).returncode == 0
    assert ask(*EXEC, more={"STAGE": "one"})[:4] == "[b'1"
    assert run(*EXEC, more={"STAGE": "one"}).stdout.strip() == CANARY
    mine, plain = run(*EXEC, more={"STAGE": "two"}), direct(run, *EXEC)
    assert CANARY not in mine.stdout
    assert (mine.returncode, plain.returncode) == (1, 1)


def test_what_it_withholds_is_said_as_without_it(run: Run, agent: int, profiles: Path) -> None:
    path = profiles / "staging.toml"
    path.write_text(path.read_text().replace("beta_writes = false", "beta_writes = true"))
    mine, plain = run(*EXEC), direct(run, *EXEC)
    assert mine.returncode == 1
    assert same(mine, plain)
    assert b"flags.beta_writes" in mine.stderr


@pytest.mark.parametrize(
    "words",
    [("--mask",), ("--file", "GITHUB_TOKEN"), ("--watch", "warn"), ("--bogus",), ("--only", "nosuch"), ("--help",)],
    ids=lambda words: words[0],
)
def test_what_needs_the_callers_own_process_goes_the_direct_way(
    run: Run, agent: int, ask: Ask, words: tuple[str]
) -> None:
    asked = ("exec", "staging", *words, "--", "printenv", "GITHUB_TOKEN")
    assert ask(*asked) == "None"
    assert same(run(*asked), direct(run, *asked))


@pytest.mark.parametrize("where", [">/dev/full", ">&-", "| true"])
def test_what_cannot_be_printed_is_said_as_without_it(
    aided: dict[str, str], agent: int, tmp_path: Path, where: str
) -> None:
    said = []
    for more in ({}, {"KEYBOUND_AGENT": "off"}):
        line = f"{{ {COMMAND} env staging --shell bash; echo $? >&2; }} {where}"
        done = subprocess.run(
            ["sh", "-c", line], env={**aided, **more}, cwd=tmp_path, capture_output=True, check=False, timeout=30
        )
        said.append(done.stderr)
    assert said[0] == said[1]


def test_a_helpers_question_is_answered_and_never_lost(run: Run, agent: int) -> None:
    words = ("git-credential", "staging/github", "--host", "github.com", "get")
    question = b"protocol=https\nhost=github.com\n\n"
    assert CANARY in run(*words, given=question).stdout
    os.kill(agent, signal.SIGKILL)
    assert CANARY in run(*words, given=question).stdout, "the direct way reads it again"


def test_a_locked_store_is_locked_for_it_too(run: Run, agent: int) -> None:
    assert run("lock").returncode == 0
    assert comes(lambda: not Path(f"/proc/{agent}").exists()), "the agent ends"
    started(run)
    away = {"KEYBOUND_PASSWORD_FILE": "", "KEYBOUND_PASSWORD_COMMAND": ""}
    mine, plain = run(*EXEC, more=away), run(*EXEC, more={**away, "KEYBOUND_AGENT": "off"})
    assert mine.returncode == 3
    assert same(mine, plain)


def test_it_keeps_no_secret_and_shows_no_memory(run: Run, agent: int) -> None:
    if os.geteuid() != 0:
        with pytest.raises(PermissionError):
            Path(f"/proc/{agent}/environ").read_bytes()
        pytest.skip("only root can look into a process that shows nothing")
    for _ in range(3):
        assert run(*EXEC).stdout.strip() == CANARY
    found, pieces = 0, 0
    with open(f"/proc/{agent}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{agent}/maps").read_text().splitlines():
            begin, end = (int(one, 16) for one in line.split()[0].split("-"))
            if "rw" in line.split()[1]:
                memory.seek(begin)
                data = memory.read(end - begin)
                pieces += len(data)
                found += data.count(CANARY)
    assert pieces > 1_000_000
    assert found == 0


def living_children(pid: int) -> list[int]:
    """The children of a process that have not ended."""
    children = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [child for child in children if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"]


def test_one_that_is_stopped_makes_nobody_wait(run: Run, agent: int, home: Path) -> None:
    os.kill(agent, signal.SIGSTOP)
    assert comes(lambda: len(living_children(agent)) <= 2), "the look that was under way ends; only the workers wait"
    children = living_children(agent)
    for child in children:
        os.kill(child, signal.SIGSTOP)
    assert run(*EXEC).stdout.strip() == CANARY
    os.kill(agent, signal.SIGKILL)
    for child in children:  # one that looks outlives the agent
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)
    assert run(*EXEC).stdout.strip() == CANARY
    assert run("agent", "status").stdout == b"The agent is not running.\n"
    assert run("agent", "start").returncode == 0, "a socket that was left behind is in nobody's way"
    assert run(*EXEC).stdout.strip() == CANARY


def test_nonsense_is_nobodys_harm(aided: dict[str, str], run: Run, agent: int, ask: Ask) -> None:
    path = str(socket_of(aided))
    nonsense = [b"", b"\0", b"\xff" * 4, b"GET / HTTP/1.1\r\n\r\n", client.frame([]), client.frame([b"x"] * 9)]
    nonsense += [
        client.frame([client.code(), b"", b"exec", b"\xff\0", b"--"]),
        (2**30).to_bytes(4, "big") + b"x" * 4096,
    ]
    for data in nonsense:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(path)
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                assert CANARY not in connection.recv(4096)
            except OSError:
                continue
    assert ask(*EXEC)[:4] == "[b'1"
    assert int(run("agent", "status").stdout.split()[-1].strip(b").\n")) == agent


@pytest.mark.parametrize(
    "apart",
    [["unshare", "--mount"], ["unshare", "--user", "--map-current-user"], ["setpriv", "--no-new-privs"]],
    ids=" ".join,
)
def test_whoever_sees_or_may_do_something_else_goes_the_direct_way(
    aided: dict[str, str], agent: int, tmp_path: Path, apart: list[str]
) -> None:
    """Another container or sandbox: what the agent reads is not what the caller would."""
    if shutil.which(apart[0]) is None or subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip(f"{' '.join(apart)} does not work here")
    words = [*apart, sys.executable, "-I", "-S", "-c", ASK, *EXEC]
    done = subprocess.run(words, env=aided, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.strip() == "None"


def test_many_at_once_are_all_served(run: Run, agent: int) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: run(*EXEC).stdout.strip(), range(60)))
    assert answers == [CANARY] * 60


def test_many_that_start_one_have_one(run: Run) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: run("agent", "start").stdout, range(8)))
    assert len(set(said)) == 1, "all of them name the same process"


def test_the_first_release_starts_one_and_the_next_uses_it(
    run: Run, ask: Ask, home: Path, aided: dict[str, str], tmp_path: Path
) -> None:
    (home / ".config/keybound/config.toml").unlink()
    end, inherited = os.pipe()
    done = subprocess.run(
        [COMMAND, *EXEC], env=aided, cwd=tmp_path, capture_output=True, check=False, timeout=30, pass_fds=(inherited,)
    )
    assert done.stdout.strip() == CANARY
    os.close(inherited)
    assert os.read(end, 1) == b"", "the agent holds nothing of whoever started it"
    os.close(end)
    until = time.monotonic() + 20
    while ask(*EXEC) == "None" and time.monotonic() < until:
        time.sleep(0.1)
    assert ask(*EXEC)[:4] == "[b'1"
    assert run("agent", "stop").returncode == 0
    assert ask(*EXEC) == "None"


@pytest.mark.parametrize("why", ["manual", "never", "CI", "off"])
def test_none_is_started_where_none_is_wanted(run: Run, home: Path, why: str) -> None:
    start = why if why in ("manual", "never") else "auto"
    (home / ".config/keybound/config.toml").write_text(f'[agent]\nstart = "{start}"\n')
    more = {"CI": {"CI": "true"}, "off": {"KEYBOUND_AGENT": "off"}}.get(why, {})
    assert run(*EXEC, more=more).stdout.strip() == CANARY
    time.sleep(1)
    assert run("agent", "status").returncode == 1
    assert run("agent", "start").returncode == (2 if why == "never" else 0)


def test_another_code_or_runtime_folder_ends_it(aided: dict[str, str], ask: Ask, tmp_path: Path) -> None:
    extra = tmp_path / "extra.py"
    extra.write_text("")
    begin = (
        f"import sys, types; one = types.ModuleType('keybound.extra'); one.__file__ = {str(extra)!r}; "
        "sys.modules['keybound.extra'] = one; from keybound.cli.agent import server; server.serve()"
    )
    agent = begun(begin, aided)
    assert ask(*EXEC)[:4] == "[b'1"
    extra.write_text("changed")
    assert ask(*EXEC) == "None"
    assert agent.wait(timeout=20) == 0
    assert not socket_of(aided).exists()


def test_the_code_is_known_by_what_nobody_can_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "module.py"
    file.write_text("one")
    before, stamp = os.stat(file), stamp_of(str(file))
    time.sleep(0.02)
    file.write_text("two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stamp_of(str(file)) != stamp


def test_releases_are_journaled_once(run: Run, agent: int, home: Path) -> None:
    before = released(home)
    run(*EXEC)
    assert released(home) == before + 1


def test_a_rehearsal_is_whole_and_leaves_nothing_that_grows(tmp_path: Path) -> None:
    rehearsal = Rehearsal(str(tmp_path / "rehearsal"))
    journal = tmp_path / "rehearsal/made/journal"
    assert b'"added"' in b"".join(path.read_bytes() for path in journal.glob("*.jsonl"))
    with pytest.MonkeyPatch.context() as patch:
        done = []
        patch.setattr("keybound.cli.agent.rehearsal.put_step", lambda *words: done.append(words))
        rehearsal.perform()
    assert done, "the last of what is rehearsed was reached"
    assert not list(tmp_path.glob("rehearsal/[0-9]*")), "it leaves nothing that grows"


LOADED = """
import sys
from keybound.cli.agent import server, worker
answer = worker.answer
def told(connection):
    before = set(sys.modules)
    try:
        answer(connection)
    finally:
        with open(sys.argv[1], "a") as file:
            file.writelines(f"{one}\\n" for one in set(sys.modules) - before)
worker.answer = told
server.serve()
"""


@pytest.mark.parametrize("store", ["keyring"], indirect=True)
def test_it_reads_the_callers_own_keyring(whole: dict[str, str], tmp_path: Path) -> None:
    folder = tempfile.mkdtemp(prefix="kb-")
    environ = {name: value for name, value in whole.items() if name != "KEYBOUND_AGENT"} | {"XDG_RUNTIME_DIR": folder}

    def run(*words: str, given: bytes = b"", **more: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [COMMAND, *words], input=given, env={**environ, **more}, cwd=tmp_path, capture_output=True, check=False
        )

    furnish(run, Path(whole["HOME"], ".config/keybound/profiles"), Path(whole["HOME"]))
    late = tmp_path / "late"
    agent = begun(LOADED, environ, str(late))
    assert run(*EXEC).stdout.strip() == CANARY
    assert run(*EXEC, DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere").returncode == 3
    run("agent", "stop")
    agent.wait(timeout=20)
    assert late.read_text().split() == []
    shutil.rmtree(folder)


def test_what_a_release_needs_is_loaded_before_its_caller_comes(
    aided: dict[str, str], ask: Ask, run: Run, tmp_path: Path
) -> None:
    late = tmp_path / "late"
    agent = begun(LOADED, aided, str(late))
    question = b"protocol=https\nhost=github.com\n\n"
    assert ask(*EXEC) != "None"
    assert ask("env", "staging", "--shell", "zsh") != "None"
    assert ask("hook-step", "bash", str(tmp_path / "hooks/1-1")) != "None"
    assert run("git-credential", "staging/github", "--host", "github.com", "get", given=question).returncode == 0
    run("agent", "stop")
    agent.wait(timeout=20)
    assert late.read_text().split() == []
