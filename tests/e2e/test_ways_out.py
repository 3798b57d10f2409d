"""What a definition never lets out this way is passed over without harm; what a policy forbids is withheld with its line."""

import json
import subprocess
import time
from pathlib import Path

import pytest

from support.staging import REST, Run

TEXT = """schema = 1
[tokens.free]
env = "FREE"
[tokens.cli]
env = "CLI_TOKEN"
release = ["exec"]
[tokens.tool]
env = "TOOL_TOKEN"
callers = ["printenv"]
"""


@pytest.fixture
def prod(keybound: Run, profiles: Path) -> Path:
    """A profile with a token for every way, one for commands, and one for a single program."""
    assert keybound("init").returncode == 0
    path = profiles / "prod.toml"
    path.write_text(TEXT)
    for name in ("free", "cli", "tool"):
        assert keybound("add", f"prod/{name}", given=f"secret of {name}\n".encode()).returncode == 0
    return path


def given(done: "subprocess.CompletedProcess[bytes]") -> dict[str, str]:
    return dict(json.loads(done.stdout))


def test_env_passes_over_what_never_leaves_by_a_shell(keybound: Run, prod: Path) -> None:
    for _ in range(2):
        done = keybound("env", "prod", "--shell", "json")
        assert (done.returncode, done.stderr) == (0, b"")
        assert given(done) == {"FREE": "secret of free"}
    said = keybound("env", "prod", "--shell", "json", "--verbose").stderr.decode()
    assert "prod/cli is skipped: it may be released only by exec" in said
    assert "prod/tool is skipped: it may be released only by exec" in said


def test_exec_passes_over_what_goes_to_another_program(keybound: Run, prod: Path) -> None:
    done = keybound("exec", "prod", "--", "sh", "-c", 'echo "$FREE $CLI_TOKEN ${TOOL_TOKEN-none}"')
    assert (done.returncode, done.stdout, done.stderr) == (0, b"secret of free secret of cli none\n", b"")
    done = keybound("exec", "prod", "--", "printenv", "TOOL_TOKEN")
    assert (done.returncode, done.stdout) == (0, b"secret of tool\n")
    said = keybound("exec", "prod", "--verbose", "--", "true").stderr.decode()
    assert "prod/tool is skipped: it may be released only to printenv" in said
    done = keybound("exec", "prod", "--only", "tool", "--", "true")
    assert done.returncode == 1
    assert "prod/tool is withheld (active): it may be released only to printenv" in done.stderr.decode()
    done = keybound("copy", "prod/cli")
    assert done.returncode == 1


def test_a_program_with_a_callers_name_that_was_not_approved_is_refused(
    keybound: Run, prod: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    fake = tmp_path / "bin" / "printenv"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho fake\n")
    fake.chmod(0o755)
    done = keybound("exec", "prod", "--", "printenv", more={"PATH": f"{fake.parent}:{environ['PATH']}"})
    assert done.returncode == 1
    assert "is not among its callers" in done.stderr.decode()


def test_show_says_by_which_ways(keybound: Run, prod: Path) -> None:
    ways = {"free": "any way", "cli": "exec only", "tool": "exec, to printenv only"}
    for name, words in ways.items():
        assert f"release   {words}" in keybound("show", f"prod/{name}").stdout.decode()


def test_an_expired_one_that_never_leaves_this_way_is_no_ones_business(keybound: Run, prod: Path) -> None:
    assert keybound("expire", "prod/cli", "--yes").returncode == 0
    done = keybound("env", "prod", "--shell", "json")
    assert (done.returncode, given(done), done.stderr) == (0, {"FREE": "secret of free"}, b"")
    assert keybound("exec", "prod", "--", "true").returncode == 1


def test_a_policy_closes_a_way(keybound: Run, prod: Path, home: Path) -> None:
    policy = home / ".config/keybound/policy.toml"
    policy.write_text('schema = 1\n\n[profiles."prod*"]\nrelease = ["exec"]\n')
    time.sleep(REST)
    for _ in range(2):
        done = keybound("env", "prod", "--shell", "json")
        assert (done.returncode, given(done)) == (1, {})
        why = f"prod/free is withheld (active): {policy}:4: tokens of prod may not be released by shell"
        assert why in done.stderr.decode()
        assert keybound("exec", "prod", "--", "printenv", "FREE").stdout == b"secret of free\n"
    done = keybound("copy", "prod/free")
    assert done.returncode == 1
    listed = keybound("list", "--profile", "prod").stdout.decode()
    assert f"{policy}:4: it may not be released by copy, reveal, shell here" in listed
    assert {row["state"] for row in json.loads(keybound("list", "--json", "--profile", "prod").stdout)} == {"active"}
    policy.unlink()
    time.sleep(REST)
    assert given(keybound("env", "prod", "--shell", "json")) == {"FREE": "secret of free"}


@pytest.mark.parametrize(
    ("rules", "line", "words"),
    [
        ('[kinds.opaque]\nlongest_ttl = "7d"\n', 3, "it has neither ttl nor expires"),
        ('[profiles."*"]\nforbidden_scopes = ["repo:*"]\n', 3, "the scope repo:write is forbidden here"),
        ('[profiles.prod]\nowners = ["me"]\nleast_reaction = "expire"\n', 4, "outside is warn"),
    ],
)
def test_what_a_policy_forbids_is_withheld_with_its_line(
    keybound: Run, profiles: Path, home: Path, rules: str, line: int, words: str
) -> None:
    assert keybound("init").returncode == 0
    (profiles / "prod.toml").write_text(
        'schema = 1\n[tokens.t]\nenv = "T"\nscopes = ["repo:write"]\noutside = "warn"\n'
    )
    assert keybound("add", "prod/t", given=b"secret\n").returncode == 0
    assert keybound("exec", "prod", "--", "printenv", "T").stdout == b"secret\n"
    policy = home / ".config/keybound/policy.toml"
    policy.write_text(f"schema = 1\n{rules}")
    time.sleep(REST)
    done = keybound("exec", "prod", "--", "printenv", "T")
    assert (done.returncode, done.stdout) == (1, b"")
    assert f"prod/t is withheld (suspended): {policy}:{line}: {words}" in done.stderr.decode()
    assert f"{policy}:{line}: {words}" in keybound("list").stdout.decode()
    policy.unlink()
    time.sleep(REST)
    assert keybound("exec", "prod", "--", "printenv", "T").stdout == b"secret\n"
