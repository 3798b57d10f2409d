"""The hook of bash, zsh and fish beside what people have in their shells: options, other hooks, direnv, subshells."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.pane import pane
from support.programs_at_hand import needed
from support.staging import CANARY, REST, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
POSIX = ("bash", "zsh")
DUMP = {"bash": "set", "zsh": "typeset", "fish": "set --show"}


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


def expire(path: Path) -> None:
    path.write_text("current-context: prod\n")
    time.sleep(REST)


OPTIONS = {
    "bash": [
        "set -eu",
        "set -o vi; set -a",
        "set -x",
        "set -o noclobber; IFS=a/",
        "shopt -s nocasematch failglob extglob; set -o pipefail -T -E",
        "set -o posix; trap ':' DEBUG",
        "PROMPT_COMMAND=(': one' ': two')",
        "PROMPT_COMMAND='true;'",
        "BASH_COMPAT=3.2; unset EPOCHSECONDS",
    ],
    "zsh": [
        "set -eu",
        "set -o vi; set -a",
        "set -x",
        "set -o noclobber; IFS=a/",
        "setopt ksh_arrays sh_word_split",
        "setopt warn_create_global glob_subst no_multios",
        "precmd() { true; }",
        "unset EPOCHSECONDS; zmodload -u zsh/datetime",
        "setopt ksh_arrays no_unset sh_word_split",
        "alias -g GITHUB_TOKEN=X KEYBOUND_HELD=X",
    ],
}


@pytest.mark.parametrize("shell", POSIX)
def test_it_works_under_the_options_that_people_set(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    for number, line in enumerate(OPTIONS[shell]):
        with pane(shell, environ, tmp_path / f"pane{number}", load=False) as term:
            term.do(line)
            term.load()
            term.load()
            assert term.variable("GITHUB_TOKEN") == CANARY, line
            before = term.starts
            for _ in range(2):
                assert "1" in term.do("! true; echo $?").splitlines(), line
            assert term.starts == before, line
            keybound("expire", "staging/github", "--yes")
            assert "-GITHUB_TOKEN" in term.do(":"), line
            assert term.variable("GITHUB_TOKEN") is None, line
            assert term.starts == before + 1, line
            assert CANARY.decode() not in term.history(), line
            assert "not found" not in term.history(), line
        assert keybound("approve", "staging", "--yes").returncode == 0


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
@pytest.mark.parametrize("first", [True, False])
def test_beside_direnv(staging: Path, environ: dict[str, str], tmp_path: Path, shell: str, first: bool) -> None:
    needed("direnv")
    work = tmp_path / "work"
    work.mkdir()
    (work / ".envrc").write_text("export FROM_DIRENV=yes\n")
    subprocess.run(["direnv", "allow", str(work)], env=environ, check=True, capture_output=True)
    load = f'eval "$(direnv hook {shell})"' if shell != "fish" else "direnv hook fish | source"
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        if first:
            term.load()
        term.do(load)
        if not first:
            term.load()
        term.do(f"cd {work}")
        assert (term.variable("FROM_DIRENV"), term.variable("GITHUB_TOKEN")) == (b"yes", CANARY)
        expire(staging)
        term.do("cd /")
        assert (term.variable("FROM_DIRENV"), term.variable("GITHUB_TOKEN")) == (None, None)
        before = term.starts
        term.do("true")
        assert term.starts == before


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_the_status_of_the_last_command_stays(
    staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    name = "status" if shell == "fish" else "?"
    with pane(shell, environ, tmp_path / "pane") as term:
        term.do("sh -c 'exit 42'")
        assert term.do(f"echo ${name}").split()[-1] == "42"
        expire(staging)
        term.do("sh -c 'exit 43'")
        assert term.do(f"echo ${name}").split()[-1] == "43"


@pytest.mark.parametrize("shell", POSIX)
def test_a_later_hook_sees_the_status_too(staging: Path, environ: dict[str, str], tmp_path: Path, shell: str) -> None:
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        term.do('later() { echo "later $?"; }')
        term.do("PROMPT_COMMAND=later" if shell == "bash" else "precmd_functions=(later)")
        term.load()
        assert "later 44" in term.do("sh -c 'exit 44'")
        expire(staging)
        assert "later 45" in term.do("sh -c 'exit 45'")


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_what_was_not_exported_is_not_exported_again(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        term.do("set -g GITHUB_TOKEN 'of the' user" if shell == "fish" else "GITHUB_TOKEN='of the user'")
        term.load()
        assert term.variable("GITHUB_TOKEN") == CANARY
        keybound("expire", "staging/github", "--yes")
        term.do("true")
        assert term.variable("GITHUB_TOKEN") is None
        assert term.do('echo "<$GITHUB_TOKEN>"').strip() == "<of the user>"


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_no_variable_of_the_hook_holds_a_secret(
    keybound: Run, staging: Path, profiles: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    """Not even where a binding reads the very variable that the token is exported as."""
    assert keybound("bind", "staging/github", "env:GITHUB_TOKEN", "absent=true").returncode == 0
    assert keybound("approve", "staging", "--yes").returncode == 0
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do(f"{DUMP[shell]} > {tmp_path}/dump")
        holding = [line for line in (tmp_path / "dump").read_bytes().splitlines() if CANARY in line]
        assert holding
        assert all(b"GITHUB_TOKEN" in line and b"keybound" not in line for line in holding if b"|" not in line)


@pytest.mark.parametrize("shell", [*POSIX, "fish"])
def test_a_bound_variable_is_noticed_also_when_only_its_export_changes(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    more = {**environ, "AWS_PROFILE": "staging"}
    bind = ["bind", "staging/github", "env:AWS_PROFILE", "equals=staging"]
    assert keybound(*bind, more={"AWS_PROFILE": "staging"}).returncode == 0
    with pane(shell, more, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do(
            {"bash": "export -n AWS_PROFILE", "zsh": "typeset +x AWS_PROFILE"}.get(
                shell, "set -gu AWS_PROFILE $AWS_PROFILE"
            )
        )
        assert term.variable("GITHUB_TOKEN") is None
        term.do("set -gx AWS_PROFILE staging" if shell == "fish" else "export AWS_PROFILE")
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do("set -gx AWS_PROFILE Staging" if shell == "fish" else "AWS_PROFILE=Staging")
        assert term.variable("GITHUB_TOKEN") is None


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_deadline_starts_it_again(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    """A locked store is tried again after 10 s; no other change moves the hook."""
    environ = {name: value for name, value in environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
    keybound("lock")
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        if shell == "bash":
            term.do("unset EPOCHSECONDS")
        term.load()
        assert "the file store is locked" in term.history()
        for _ in range(3):
            assert "locked" not in term.do("echo")
        assert term.starts == 1
        time.sleep(10.5)
        assert "locked" not in term.do("echo")
        assert term.starts == 2
        keybound("unlock")
        assert "+GITHUB_TOKEN" in term.do("echo")
        keybound("lock")
        assert "the file store is locked" in term.do("echo")
        assert term.variable("GITHUB_TOKEN") == CANARY


def test_twenty_shells_at_once_ask_for_the_passphrase_at_most_once(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    ask = tmp_path / "ask"
    ask.write_text(f"#!/bin/sh\necho asked >> {asked}\nsleep 1\ncat {environ['KEYBOUND_PASSWORD_FILE']}\n")
    ask.chmod(0o755)
    more = {name: value for name, value in environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
    more["KEYBOUND_PASSWORD_COMMAND"] = str(ask)
    keybound("lock")
    script = 'eval "$(keybound hook bash)"; _keybound_hook; printf %s "${GITHUB_TOKEN-}"'
    shells = [
        subprocess.Popen(["bash", "-c", script], env=more, stdout=subprocess.PIPE, cwd=tmp_path) for _ in range(20)
    ]
    found = [one.communicate(timeout=120)[0] for one in shells]
    assert asked.read_text().split() == ["asked"]
    assert found == [CANARY] * 20


def test_nobody_is_asked_by_the_hook_itself(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    environ = {name: value for name, value in environ.items() if name != "KEYBOUND_PASSWORD_FILE"}
    keybound("lock")
    with pane("bash", environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") is None
        assert "assphrase" not in term.history()
    assert os.path.isdir(tmp_path)
