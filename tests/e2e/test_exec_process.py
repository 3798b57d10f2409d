"""What a command that exec runs is given: the very program that was judged, its environment, private files, job control."""

import json
import subprocess
import time
from pathlib import Path

import pexpect
import pytest

from support.staging import CANARY, Run, furnish

WAYS = [(), ("--mask",), ("--watch", "warn")]


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


def put(path: Path, script: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)


@pytest.mark.parametrize("way", WAYS)
def test_the_program_that_was_judged_is_the_one_that_runs(
    keybound: Run, staging: Path, tmp_path: Path, environ: dict[str, str], way: tuple[str, ...]
) -> None:
    put(tmp_path / "bin" / "id", "echo mine")
    put(tmp_path / "bin" / "only-here", "echo mine too")
    path = {"PATH": f"{tmp_path}/bin:{environ['PATH']}"}
    for name, said in (("id", b"mine\n"), ("only-here", b"mine too\n")):
        done = keybound("exec", "staging", *way, "--pristine", "--", name, more=path)
        assert (done.returncode, done.stdout) == (0, said), done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_the_locale_is_the_callers(environ: dict[str, str], staging: Path, keybound: Run, way: tuple[str, ...]) -> None:
    del environ["LANG"]
    show = ("exec", "staging", *way, "--", "sh", "-c", "echo ${LC_CTYPE-none}")
    assert keybound(*show).stdout == b"none\n"
    assert keybound(*show, more={"LC_CTYPE": "C.UTF-8"}).stdout == b"C.UTF-8\n"


def test_a_private_file_is_private_by_its_mode_too(keybound: Run, staging: Path) -> None:
    script = 'stat -L -c %a "$GITHUB_TOKEN_FILE"; cat "$GITHUB_TOKEN_FILE" "$GITHUB_TOKEN_FILE"'
    twice = ("--file", "GITHUB_TOKEN", "--file", "GITHUB_TOKEN")
    done = keybound("exec", "staging", *twice, "--", "sh", "-c", script, more={"GITHUB_TOKEN_FILE": "mine"})
    assert done.stdout == b"400\n" + CANARY * 2
    assert done.stderr == b"keybound: --file overrides GITHUB_TOKEN_FILE from this shell\n"


def test_env_files_say_what_they_hide_and_keep_to_the_policy(keybound: Run, staging: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.env"
    file.write_text("MINE=new\nNODE_OPTIONS=--trace\n")
    run = ("exec", "staging", "--env-file", str(file), "--", "sh", "-c", 'echo "$MINE $NODE_OPTIONS"')
    assert keybound(*run).returncode == 2
    (staging.parent.parent / "policy.toml").write_text('variables = ["NODE_OPTIONS"]\n')
    done = keybound(*run, more={"MINE": "old"})
    assert done.stdout == b"new --trace\n"
    assert done.stderr == f"keybound: {file} overrides MINE from this shell\n".encode()


def test_the_terminal_is_known_by_standard_output_too(environ: dict[str, str], staging: Path, keybound: Run) -> None:
    line = "keybound exec staging -- true </dev/null 2>/dev/null"
    pexpect.spawn("bash", ["--norc", "-c", line], env=environ, timeout=30).expect(pexpect.EOF)
    event = json.loads(keybound("log", "--json").stdout.splitlines()[-1])
    assert (event["kind"], event["by"]["tty"][:5]) == ("released", "/dev/")


@pytest.mark.parametrize("way", ["", "--watch warn"])
def test_a_command_that_stops_itself_gives_the_prompt_back(environ: dict[str, str], staging: Path, way: str) -> None:
    shell = pexpect.spawn("bash", ["--norc", "-i"], env={**environ, "PS1": "PROMPT> "}, timeout=30)
    shell.expect_exact("PROMPT> ")
    shell.sendline(f"keybound exec staging {way} -- sh -c 'kill -TSTP $$; echo ag''ain'")
    shell.expect_exact("Stopped")
    shell.expect_exact("PROMPT> ")
    shell.sendline("fg")
    shell.expect_exact("again")
    shell.close(force=True)


def test_a_store_that_is_locked_meanwhile_takes_no_token(environ: dict[str, str], staging: Path, keybound: Run) -> None:
    script = "echo ready; read wait; echo went on"
    with subprocess.Popen(
        ["keybound", "exec", "staging", "--watch", "kill", "--", "sh", "-c", script],
        env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        Path(environ["KEYBOUND_PASSWORD_FILE"]).unlink()
        assert keybound("lock").returncode == 0
        staging.touch()
        time.sleep(1.5)
        assert child.poll() is None
        staging.write_text(staging.read_text().replace("beta_writes = false", "beta_writes = true"))
        assert child.wait(60) == -9
        assert child.stderr is not None
        assert b"staging/github: it is expired: flags.beta_writes is true" in child.stderr.read()


def test_every_token_that_is_lost_is_named(environ: dict[str, str], staging: Path, keybound: Run) -> None:
    bound = ("--bind", "flags.beta_writes equals=false")
    assert keybound("add", "staging/npm", "--env", "NPM_TOKEN", *bound, given=b"n-p-m\n").returncode == 0
    with subprocess.Popen(
        ["keybound", "exec", "staging", "--watch", "stop", "--", "sh", "-c", "echo ready; exec sleep 60"],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        staging.write_text(staging.read_text().replace("beta_writes = false", "beta_writes = true"))
        _, said = child.communicate(timeout=60)
        assert child.returncode == -15
        assert said.count(b"it is expired: flags.beta_writes is true") == 2
