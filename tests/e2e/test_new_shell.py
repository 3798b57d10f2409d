"""What a shell is told and given at its start: an expired token once, what was approved of an [env], the form it takes."""

import json
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from support.pane import SHELLS, pane
from support.programs_at_hand import needed
from support.staging import CANARY, REST, Run, furnish


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return profiles / "staging.toml"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_new_shell_hears_of_an_expired_token_once(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    with pane(shell, environ, tmp_path / "pane") as term:
        term.do("echo here" if shell != "nu" else "print here")
        term.do("cd /")
        term.do("cd /tmp")
        assert term.history().replace("\n", "").count("keybound why staging/github") == 1
        assert term.variable("GITHUB_TOKEN") is None


@pytest.mark.parametrize("shell", SHELLS)
def test_one_that_expires_in_front_of_it_is_said_as_dropped(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        assert keybound("expire", "staging/github", "--yes").returncode == 0
        term.do("cd /")
        term.do("cd /tmp")
        said = term.history().replace("\n", "")
        assert "-GITHUB_TOKEN (its owner expired it)" in said
        assert "keybound why staging/github" not in said


@pytest.mark.parametrize("shell", SHELLS)
def test_use_all_moves_every_following_shell_from_a_hooked_one(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    assert keybound("use", "default").returncode == 0
    with pane(shell, environ, tmp_path / "pane") as term, pane(shell, environ, tmp_path / "other") as other:
        assert (term.variable("GITHUB_TOKEN"), other.variable("GITHUB_TOKEN")) == (None, None)
        term.do("keybound use --all staging")
        term.do("cd /")
        other.do("cd /")
        assert (term.variable("GITHUB_TOKEN"), other.variable("GITHUB_TOKEN")) == (CANARY, CANARY)
        assert term.variable("KEYBOUND_PROFILE") is None
    assert keybound("use", "--all").returncode == 2
    assert keybound("use", "--all", "-").returncode == 2


def test_what_was_approved_of_an_env_stays(keybound: Run, staging: Path) -> None:
    staging.write_text(
        staging.read_text() + '\n[settings]\nregion = "eu"\n[env]\nREGION = "{settings.region}"\nMODE = "a"\n'
    )
    time.sleep(REST)
    assert keybound("approve", "staging", "--yes").returncode == 0
    assert json.loads(keybound("env", "staging", "--shell", "json").stdout) == {
        "GITHUB_TOKEN": CANARY.decode(), "REGION": "eu", "MODE": "a",
    }  # fmt: skip
    staging.write_text(staging.read_text().replace('MODE = "a"', 'MODE = "b"\nNEW = "c"'))
    time.sleep(REST)
    done = keybound("env", "staging", "--shell", "json")
    assert json.loads(done.stdout) == {"GITHUB_TOKEN": CANARY.decode(), "REGION": "eu"}
    assert done.returncode == 1
    said = done.stderr.decode()
    assert "staging is withheld (unapproved): MODE, NEW of its [env]: keybound approve staging" in said
    assert keybound("approve", "staging", "--yes").returncode == 0
    assert json.loads(keybound("env", "staging", "--shell", "json").stdout)["MODE"] == "b"


def test_what_was_approved_is_not_taken_from_a_state_that_says_otherwise(
    keybound: Run, staging: Path, home: Path
) -> None:
    """The state's text counts only where it is the one that was sealed."""
    import sqlite3

    staging.write_text(staging.read_text() + '\n[env]\nMODE = "a"\n')
    time.sleep(REST)
    assert keybound("approve", "staging", "--yes").returncode == 0
    staging.write_text(staging.read_text().replace('MODE = "a"', 'MODE = "b"'))
    with closing(sqlite3.connect(home / ".local/state/keybound/state.db")) as state, state:
        state.execute('UPDATE known SET sealed_text = replace(sealed_text, \'"MODE":"a"\', \'"MODE":"b"\')')
    time.sleep(REST)
    assert "MODE" not in json.loads(keybound("env", "staging", "--shell", "json").stdout)


CALLERS = {
    "bash": (["bash", "--norc", "-c"], 'eval "$(keybound env)"; sh -c "printenv GITHUB_TOKEN"'),
    "zsh": (["zsh", "-f", "-c"], 'eval "$(keybound env)"; sh -c "printenv GITHUB_TOKEN"'),
    "fish": (["fish", "--no-config", "-c"], "keybound env | source; printenv GITHUB_TOKEN"),
    "elvish": (["elvish", "-norc", "-c"], "eval (keybound env | slurp); e:printenv GITHUB_TOKEN"),
    "xonsh": (["xonsh", "--no-rc", "-c"], "exec($(keybound env)); printenv GITHUB_TOKEN"),
    "sh": (["sh", "-c"], 'eval "$(keybound env)"; printenv GITHUB_TOKEN'),
}


@pytest.mark.parametrize("shell", CALLERS)
def test_env_answers_for_the_shell_that_called(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    words, line = CALLERS[shell]
    more = {**environ, "XONSH_HISTORY_BACKEND": "dummy", "SHELL": "/bin/false"}
    done = subprocess.run([*words, line], env=more, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, CANARY), done.stderr


def test_init_ends_with_the_line_for_this_shell(environ: dict[str, str], open_store: None, tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", "--norc", "-c", "keybound init; true"], env=environ, cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.decode().endswith('add this to ~/.bashrc:\n  eval "$(keybound hook bash)"\n')
