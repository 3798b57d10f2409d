"""Shims, credential helpers: other doors to the same release."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from support.staging import CANARY, REST, Run, furnish


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    return profiles / "staging.toml"


def test_a_shim_runs_the_real_program_with_the_token(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    real, shims = tmp_path / "real", tmp_path / "shims"
    real.mkdir()
    (real / "deploy").write_text('#!/bin/sh\necho "$GITHUB_TOKEN|$*"\nexit 4\n')
    (real / "deploy").chmod(0o700)
    path = f"{shims}:{real}:{environ['PATH']}"
    assert keybound("shim", "deploy", "--dir", str(shims), more={"PATH": path}).returncode == 0
    done = subprocess.run(
        ["sh", "-c", "deploy --now 'a b'"], env={**environ, "PATH": path}, capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (4, CANARY + b"|--now a b\n"), done.stderr
    (shims / "own").write_text("mine")
    assert keybound("shim", "own", "--dir", str(shims)).returncode == 1
    assert (shims / "own").read_text() == "mine"
    assert keybound("shim", "no-such-program", "--dir", str(shims)).returncode == 4
    assert keybound("shim", "../x", "--dir", str(shims)).returncode == 2
    assert keybound("shim", "deploy", "--dir", str(shims), "--remove").returncode == 0
    assert not (shims / "deploy").exists()


def test_shims_do_not_lead_to_each_other(keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("links", "first", "second", "real")]
    links, first, second, real = folders
    for folder in (links, real):
        folder.mkdir()
    (real / "deploy").write_text("#!/bin/sh\necho real\n")
    (real / "deploy").chmod(0o700)
    path = {"PATH": ":".join([*map(str, folders), environ["PATH"]])}
    for folder in (second, first):
        assert keybound("shim", "deploy", "--dir", str(folder), more=path).returncode == 0
    (links / "deploy").symlink_to(first / "deploy")
    done = subprocess.run(["sh", "-c", "deploy"], env={**environ, **path}, capture_output=True, check=False, timeout=20)
    assert (done.returncode, done.stdout) == (0, b"real\n")
    (real / "deploy").unlink()
    done = subprocess.run(["sh", "-c", "deploy"], env={**environ, **path}, capture_output=True, check=False, timeout=20)
    assert (done.returncode, b"no program named deploy" in done.stderr) == (4, True)
    (first / "ls").mkdir()
    assert keybound("shim", "ls", "--dir", str(first)).returncode == 1


def git_fill(environ: dict[str, str], question: str, helper: str) -> "subprocess.CompletedProcess[bytes]":
    more = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", "GIT_ASKPASS": "true"}
    return subprocess.run(
        ["git", "-c", "credential.helper=", "-c", f"credential.helper=!{helper}", "credential", "fill"],
        env={**environ, **more}, input=question.encode(), capture_output=True, check=False, timeout=60,
    )  # fmt: skip


def test_git_gets_the_token_for_its_host_alone(staging: Path, environ: dict[str, str]) -> None:
    helper = "keybound git-credential staging/github --host github.com --username ada"
    done = git_fill(environ, "protocol=https\nhost=github.com\n\n", helper)
    assert b"username=ada\npassword=" + CANARY in done.stdout, done.stderr
    for question in ("protocol=https\nhost=evil.example\n\n", "protocol=http\nhost=github.com\n\n"):
        assert CANARY not in git_fill(environ, question, helper).stdout


@pytest.mark.parametrize(
    "question",
    [
        b"protocol=https\r\nhost=github.com\n\n",
        b"protocol=https\nhost=evil.example\nhost=github.com\n\n",
        b"protocol=https\nhost=github.com\0\n\n",
        b"protocol=https\nhost\n\n",
        b"a" * 70_000,
    ],
)
def test_git_questions_that_smuggle_are_refused(keybound: Run, staging: Path, question: bytes) -> None:
    done = keybound("git-credential", "staging/github", "--host", "github.com", "get", given=question)
    assert done.returncode == 2
    assert done.stdout == b""


def test_what_newer_gits_say_besides_is_no_matter(keybound: Run, staging: Path) -> None:
    helper = ("git-credential", "staging/github", "--host", "github.com")
    lists = b"capability[]=authtype\ncapability[]=state\nwwwauth[]=Basic realm=a\nwwwauth[]=Bearer\n"
    done = keybound(*helper, "get", given=lists + b"protocol=https\nhost=github.com\n\n")
    assert done.stdout == b"username=x-access-token\npassword=" + CANARY + b"\n"
    for operation in ("store", "erase", "one-of-the-future"):
        done = keybound(*helper, operation, given=b"protocol=https\nhost=github.com\npassword=a\rb\n")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_unapproved_plain_variables_are_no_matter_to_a_helper(keybound: Run, staging: Path) -> None:
    staging.write_text(staging.read_text() + '\n[env]\nREGION = "eu"\n')
    assert keybound("env", "--shell", "bash").returncode == 1
    question = b"protocol=https\nhost=github.com\n\n"
    done = keybound("git-credential", "staging/github", "--host", "github.com", "get", given=question)
    assert (done.returncode, done.stderr) == (0, b"")
    assert keybound("inject", given=b"{{ github }}").stdout == CANARY


def test_a_secret_with_a_line_break_is_not_answered(keybound: Run, staging: Path) -> None:
    keybound("add", "staging/two", "--env", "TWO", given=b"a\nhost=evil\n\n")
    done = keybound("git-credential", "staging/two", "--host", "h", "get", given=b"protocol=https\nhost=h\n\n")
    assert (done.returncode, done.stdout) == (2, b"")


def test_docker_and_aws(keybound: Run, staging: Path) -> None:
    docker = ("docker-credential", "staging/github", "--host", "ghcr.io", "--username", "ada")
    done = keybound(*docker, "get", given=b"https://ghcr.io/v1/")
    assert json.loads(done.stdout) == {"ServerURL": "https://ghcr.io/v1/", "Username": "ada", "Secret": CANARY.decode()}
    assert keybound(*docker, "get", given=b"https://evil.example/ghcr.io").returncode == 1
    assert keybound(*docker, "get", given=b"https://ghcr.io@evil.example").returncode == 1
    assert keybound(*docker, "get", given=b"https://ghcr.io/v1/refresh-token").returncode == 1  # no password will do
    assert json.loads(keybound(*docker, "list").stdout) == {"https://ghcr.io": "ada"}
    for operation in ("store", "erase"):
        done = keybound(*docker, operation, given=b"{}")
        assert (done.returncode, b"keybound refresh staging/github" in done.stdout) == (1, True)
    for name in ("id", "key"):
        keybound("add", f"staging/{name}", "--env", f"AWS_{name}", "--ttl", "1h", given=f"the-{name}\n".encode())
    answer = json.loads(keybound("aws-credential", "staging", "--key", "id", "--secret", "key").stdout)
    assert (answer["Version"], answer["AccessKeyId"], answer["SecretAccessKey"]) == (1, "the-id", "the-key")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer["Expiration"])
    keybound("expire", "staging/key", "--yes")
    done = keybound("aws-credential", "staging", "--key", "id", "--secret", "key")
    assert (done.returncode, done.stdout) == (1, b"")


def test_helpers_are_journaled_with_the_program_that_asked(
    keybound: Run, staging: Path, environ: dict[str, str]
) -> None:
    git_fill(environ, "protocol=https\nhost=github.com\n\n", "keybound git-credential staging/github --host github.com")
    events = [json.loads(line) for line in keybound("log", "--json").stdout.splitlines()]
    (event,) = [one for one in events if one["kind"] == "released"]
    assert event["by"]["helper"] == "git-credential"
    assert event["by"]["program"] == os.path.realpath(shutil.which("git") or "")


def test_callers_hold_for_helpers_too(keybound: Run, staging: Path, environ: dict[str, str]) -> None:
    text, question = staging.read_text(), "protocol=https\nhost=github.com\n\n"
    helper = "keybound git-credential staging/github --host github.com"
    for caller, given in (("git", True), ("sh", False)):
        staging.write_text(text.replace("[tokens.github]\n", f'[tokens.github]\ncallers = ["{caller}"]\n'))
        time.sleep(REST)
        assert keybound("approve", "staging", "--yes").returncode == 0
        assert (CANARY in git_fill(environ, question, helper).stdout) == given
