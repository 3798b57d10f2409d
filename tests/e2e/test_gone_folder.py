"""Every command in a folder that was removed: it does what needs no folder, else it ends in a line; never in a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keybound.cli.registry import VERBS
from support.staging import CANARY, Run, furnish

SCRIPT = Path(__file__).parents[2] / "app" / "bin" / "keybound"
# verb: its arguments, its input, the exit status
CASES: dict[str, tuple[list[str], bytes, int]] = {
    "init": ([], b"", 0),
    "demo": ([], b"", 2),  # there is no terminal
    "status": ([], b"", 0),
    "profile": (["show", "staging"], b"", 0),
    "add": (["staging/other", "--env", "OTHER"], b"other\n", 0),
    "bind": (["staging/github", "cwd", "exists=true"], b"", 0),
    "unbind": (["staging/github", "flags.beta_writes"], b"", 0),
    "set": (["staging/github", "kind", "opaque", "--yes"], b"", 0),
    "token": (["rename", "staging/github", "hub"], b"", 0),
    "file": (["more", "~/more.yaml"], b"", 0),
    "adopt": (["staging/github", "--yes"], b"", 1),
    "store": (["rekey"], b"", 0),
    "recognise": ([], b"word\n", 0),
    "import": ([".env"], b"", 2),
    "scan": ([], b"", 2),
    "keys": (["flags"], b"", 0),
    "list": ([], b"", 0),
    "show": (["github"], b"", 0),
    "usage": (["github"], b"", 0),
    "why": (["github"], b"", 0),
    "approve": (["staging", "--yes"], b"", 0),
    "refresh": (["staging/github"], b"new\n", 0),
    "probe": (["staging/github"], b"", 1),  # nothing is approved by which it could be probed
    "expire": (["staging/github", "--yes"], b"", 0),
    "login": (["staging/github"], b"", 1),
    "revoke": (["staging/github", "--yes"], b"", 1),
    "remove": (["staging/github", "--yes"], b"", 0),
    "copy": (["staging/github"], b"", 1),  # there is no clipboard
    "use": (["default"], b"", 0),
    "env": (["--shell", "fish"], b"", 0),
    "exec": (["--mask", "--", "printenv", "GITHUB_TOKEN"], b"", 0),
    "inject": (["-o", "out"], b"{{ github }}", 2),
    "shim": (["--dir", "shims", "true"], b"", 2),
    "git-credential": (["--host", "example.com", "github", "get"], b"protocol=https\nhost=example.com\n\n", 0),
    "docker-credential": (["--host", "example.com", "github", "get"], b"example.com", 0),
    "aws-credential": (["staging", "--secret", "github", "--key", "github"], b"", 0),
    "kube-credential": (["github"], b"", 0),
    "mint": (["staging/github"], b"", 1),  # it is not minted
    "jwks": (["staging"], b"", 0),
    "digest": (["staging/github"], b"", 0),
    "verify": (["--jwks", "keys.json", "--audience", "a"], b"", 2),
    "completion": (["bash"], b"", 0),
    "allow": ([], b"", 2),
    "deny": ([], b"", 2),
    "hook": (["bash"], b"", 0),
    "plan": (["staging", "--file", "kube=other.yaml"], b"", 2),
    "check": (["--dir", "here"], b"", 2),
    "docs": ([], b"", 0),
    "agent": (["status"], b"", 1),  # none runs
    "watch": (["--once"], b"", 0),
    "alerts": ([], b"", 0),
    "log": ([], b"", 0),
    "doctor": ([], b"", 0),
    "backup": (["backup.age"], b"", 2),
    "restore": (["backup.age"], b"", 2),
    "lock": ([], b"", 0),
    "unlock": ([], b"", 0),
}


def in_a_gone_folder(
    environ: dict[str, str], tmp_path: Path, *words: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    gone = ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "sh"]
    command = [*gone, sys.executable, str(SCRIPT), *words]
    return subprocess.run(
        command, env=environ, cwd=tmp_path, input=given, capture_output=True, check=False, timeout=60,
        start_new_session=True,
    )  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_no_command_ends_in_a_traceback(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, verb: str
) -> None:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    words, given, status = CASES[verb]
    done = in_a_gone_folder(environ, tmp_path, verb, *words, given=given)
    assert b"Traceback" not in done.stderr
    assert done.returncode == status, done.stderr
    assert status != 2 or verb == "demo" or b"the current folder no longer exists" in done.stderr


@pytest.mark.parametrize("command", [["exec", "--", "printenv", "GITHUB_TOKEN"], ["env", "--shell", "bash"]])
def test_a_token_leaves_there(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, command: list[str]
) -> None:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    done = in_a_gone_folder(environ, tmp_path, *command)
    assert (done.returncode, CANARY in done.stdout, done.stderr) == (0, True, b"")


def test_foreign_modules_are_not_imported_by_a_relative_path(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('foreign')")
    for path in (".", os.curdir + "/.", "", str(tmp_path)):
        words = [sys.executable, str(SCRIPT), "--version"]
        more = {**environ, "PYTHONPATH": path}
        done = subprocess.run(words, env=more, cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert (done.returncode, done.stdout[:9]) == (0, b"keybound "), done.stderr
