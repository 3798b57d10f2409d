"""exec in all its forms, by the installed command: status, signals, masking, guarding, files, templates."""

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from support.staging import CANARY, REST, Run, furnish

PYTHON = sys.executable
COMMAND = str(Path(sys.executable).with_name("keybound"))


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


def start(environ: dict[str, str], *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [COMMAND, "exec", "staging", *arguments],
        env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def refused(environ: dict[str, str], *arguments: str) -> bool:
    child = start(environ, *arguments)
    child.communicate(timeout=60)
    return child.returncode == 2


@pytest.mark.parametrize("options", [(), ("--mask",), ("--watch", "warn")])
@pytest.mark.parametrize(("script", "status"), [("exit 7", 7), ("kill -TERM $$", -15), ("kill -KILL $$", -9)])
def test_the_status_is_the_childs(
    environ: dict[str, str], staging: Path, options: tuple[str, ...], script: str, status: int
) -> None:
    child = start(environ, *options, "--", "sh", "-c", script)
    child.communicate(timeout=60)
    assert child.returncode == status


@pytest.mark.parametrize("options", [(), ("--mask",), ("--watch", "warn")])
def test_what_cannot_be_started(
    environ: dict[str, str], staging: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "plain").write_text("no program")
    for program, status in (("no-such-program", 127), (str(tmp_path / "plain"), 126)):
        child = start(environ, *options, "--", program)
        _, said = child.communicate(timeout=60)
        assert child.returncode == status, said
        assert program.encode() in said


def test_direct_exec_replaces_the_process(environ: dict[str, str], staging: Path) -> None:
    child = start(environ, "--", "sh", "-c", "echo $$")
    out, _ = child.communicate(timeout=60)
    assert int(out) == child.pid


@pytest.mark.parametrize("options", [("--watch", "warn"), ("--mask",), ("--mask", "--watch", "warn")])
def test_a_signal_reaches_a_supervised_child(environ: dict[str, str], staging: Path, options: tuple[str, ...]) -> None:
    script = "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.1; done"
    with start(environ, *options, "--", "sh", "-c", script) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGTERM)
        try:
            out, _ = child.communicate(timeout=60)
        finally:
            child.kill()
        assert (child.returncode, out) == (5, b"caught\n")


@pytest.mark.parametrize("options", [(), ("--mask",)])
def test_a_reader_that_goes_away(environ: dict[str, str], staging: Path, options: tuple[str, ...]) -> None:
    with start(environ, *options, "--", "yes") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"y\n"
        child.stdout.close()
        assert child.wait(timeout=60) == -signal.SIGPIPE
        assert child.stderr is not None
        assert child.stderr.read() == b""


PRINTS = """
import base64, json, os, sys, time, urllib.parse
secret = os.environ["GITHUB_TOKEN"]
print("plain", secret)
print("json", json.dumps({"a": secret}))
print("url", urllib.parse.quote(secret, safe=""))
print("base64", base64.b64encode(b"user:" + secret.encode()).decode())
for piece in (secret[:5], secret[5:9], secret[9:]):
    sys.stdout.write(piece); sys.stdout.flush(); time.sleep(0.15)
print(" end")
print("stderr", secret, file=sys.stderr)
"""


def test_mask_through_pipes(environ: dict[str, str], staging: Path) -> None:
    child = start(environ, "--mask", "--", PYTHON, "-c", PRINTS)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0
    for secret in (CANARY, base64.b64encode(b"user:" + CANARY)[8:-4]):
        assert secret not in out + err
    assert out.count("••••••••".encode()) == 5
    assert b"stderr " in err
    assert b" end\n" in out


def test_mask_on_a_terminal_keeps_it_one(environ: dict[str, str], staging: Path) -> None:
    script = 'test -t 1 && echo tty; stty size; printf "name? "; read name; echo "hello $name $GITHUB_TOKEN"; exit 3'
    child = pexpect.spawn(
        COMMAND, ["exec", "staging", "--mask", "--", "sh", "-c", script], env=environ, timeout=30, dimensions=(33, 91)
    )
    child.expect_exact(b"tty")
    child.expect_exact(b"33 91")
    child.expect_exact(b"name? ")
    child.send("ada\r")
    child.expect_exact("hello ada ••••••••".encode())
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 3


@pytest.mark.parametrize(("action", "status"), [("stop", -15), ("kill", -9), ("warn", 0)])
def test_watch_acts_when_a_token_is_lost(environ: dict[str, str], staging: Path, action: str, status: int) -> None:
    child = start(environ, "--watch", action, "--", "sh", "-c", "echo ready; exec sleep 4")
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    staging.write_text(staging.read_text().replace("beta_writes = false", "beta_writes = true"))
    _, said = child.communicate(timeout=60)
    assert child.returncode == status
    assert b"staging/github: it is expired: flags.beta_writes is true" in said
    assert CANARY not in said


def test_a_private_file_instead_of_a_variable(environ: dict[str, str], staging: Path) -> None:
    script = 'cat "$GITHUB_TOKEN_FILE"; test -z "${GITHUB_TOKEN+x}" && echo unset; echo x > "$GITHUB_TOKEN_FILE"'
    child = start(environ, "--file", "GITHUB_TOKEN", "--", "sh", "-c", script)
    out, err = child.communicate(timeout=60)
    assert out == CANARY + b"unset\n"
    assert err != b""  # it cannot be written
    assert refused(environ, "--file", "OTHER", "--", "true")


def test_env_file_templates(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    (tmp_path / "t.env").write_text('URL="https://u:{{ github }}@host/{{{{x}}"\nPLAIN=1\n')
    child = start(environ, "--env-file", str(tmp_path / "t.env"), "--", "sh", "-c", "echo $URL $PLAIN")
    assert child.communicate(timeout=60)[0] == b"https://u:" + CANARY + b"@host/{{x}} 1\n"
    (tmp_path / "t.env").write_text("A=1\nB={{ gitlab }}\n")
    child = start(environ, "--env-file", str(tmp_path / "t.env"), "--", "echo", "started")
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (2, b"")
    assert b"gitlab" in err
    (tmp_path / "t.env").write_text("LD_PRELOAD=x\n")
    assert refused(environ, "--env-file", str(tmp_path / "t.env"), "--", "true")


def test_inject(keybound: Run, staging: Path, tmp_path: Path) -> None:
    assert keybound("inject", "staging", given=b"a {{ github }} b\xff\n").stdout == b"a " + CANARY + b" b\xff\n"
    (tmp_path / "in").write_text("one\n{{ nope }}\n")
    done = keybound("inject", "staging", "-i", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert f"{tmp_path}/in:2".encode() in done.stderr
    assert not (tmp_path / "out").exists()
    (tmp_path / "in").write_text("{{github}}")
    assert keybound("inject", "staging", "-i", str(tmp_path / "in"), "-o", str(tmp_path / "out")).returncode == 0
    assert (tmp_path / "out").read_bytes() == CANARY
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    staging.write_text(staging.read_text().replace("[tokens.github]\n", '[tokens.github]\nrelease = ["exec"]\n'))
    time.sleep(REST)
    keybound("approve", "staging", "--yes")
    done = keybound("inject", "staging", given=b"{{ github }}")
    assert (done.returncode, done.stdout) == (1, b"")


def test_only_pristine_and_hidden_variables(keybound: Run, staging: Path) -> None:
    assert keybound("add", "staging/npm", "--env", "NPM_TOKEN", given=b"n\n").returncode == 0
    done = keybound("exec", "staging", "--only", "npm", "--", "env", more={"NPM_TOKEN": "mine"})
    assert b"NPM_TOKEN=n\n" in done.stdout
    assert b"GITHUB_TOKEN" not in done.stdout
    assert b"staging/npm overrides NPM_TOKEN from this shell" in done.stderr
    assert keybound("exec", "staging", "--only", "nope", "--", "true").returncode == 4
    names = {
        line.partition(b"=")[0] for line in keybound("exec", "staging", "--pristine", "--", "env").stdout.splitlines()
    }
    assert names == {b"GITHUB_TOKEN", b"NPM_TOKEN", b"KEYBOUND_HELD"}


def test_a_withheld_token_stops_the_command_unless_told_otherwise(keybound: Run, staging: Path) -> None:
    keybound("add", "staging/npm", "--env", "NPM_TOKEN", given=b"n\n")
    keybound("expire", "staging/github", "--yes")
    done = keybound("exec", "staging", "--", "echo", "started")
    assert (done.returncode, done.stdout) == (1, b"")
    done = keybound("exec", "staging", "--keep-going", "--", "sh", "-c", "echo $NPM_TOKEN$GITHUB_TOKEN")
    assert (done.returncode, done.stdout) == (0, b"n\n")
    assert b"staging/github is withheld" in done.stderr


def test_passphrase_sources_are_not_handed_on(keybound: Run, staging: Path) -> None:
    done = keybound("exec", "staging", "--", "env", more={"KEYBOUND_PASSWORD_COMMAND": "false"})
    assert b"KEYBOUND_PASSWORD" not in done.stdout
    assert os.environ.get("PATH", "") != ""
