"""The hook where a shell is in a bad way: its folder or the program gone, its variables declared otherwise."""

import time
from pathlib import Path

import pytest

from support.pane import SHELLS, pane
from support.programs_at_hand import needed
from support.staging import CANARY, REST, Run, furnish
from support.words import NOTHING

POSIX = ("bash", "zsh")


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    """The profile `staging` in use; its file kube.yaml."""
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


@pytest.mark.parametrize("shell", [one for one in SHELLS if one != "nu"])  # which does nothing there itself
def test_in_a_folder_that_is_gone_a_token_still_leaves(
    staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    (tmp_path / "gone").mkdir()
    with pane(shell, environ, tmp_path / "pane") as term:
        term.do(f"cd {tmp_path}/gone")
        assert term.variable("GITHUB_TOKEN") == CANARY
        (tmp_path / "gone").rmdir()
        staging.write_text("current-context: prod\n")
        time.sleep(REST)
        assert "keybound: -GITHUB_TOKEN (" in term.do(NOTHING[shell])
        assert "Traceback" not in term.history()
        term.do("cd /")
        assert term.variable("GITHUB_TOKEN") is None


@pytest.mark.parametrize("shell", SHELLS)
def test_a_program_that_is_gone_is_said_in_one_line(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    with pane(shell, environ, tmp_path / "pane") as term:
        (term.folder / "python").rename(term.folder / "away")
        keybound("expire", "staging/github", "--yes")
        said = term.do(NOTHING[shell]).strip()
        assert said.startswith(f"keybound: {term.folder}/python is gone; ")
        assert len(said.splitlines()) == 1
        assert term.do(NOTHING[shell]).strip() == ""
        (term.folder / "away").rename(term.folder / "python")
        assert "-GITHUB_TOKEN" in term.do("cd /")


DECLARED = [
    "declare -i GITHUB_TOKEN=5",
    "declare -u GITHUB_TOKEN=of_the_user",
    "GITHUB_TOKEN=(a 'b c' '')",
    "declare -A GITHUB_TOKEN; GITHUB_TOKEN[x]='1 2'",
    "GITHUB_TOKEN=$'a\\'\"b\\n$c`\\xff\\e'",
]
OWN = {"bash": ["declare -n GITHUB_TOKEN=other"], "zsh": ["typeset -T GITHUB_TOKEN other; GITHUB_TOKEN=a:b"]}


@pytest.mark.parametrize("shell", POSIX)
def test_what_was_declared_comes_back_as_it_was_and_bends_no_secret(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    for number, line in enumerate([*DECLARED, *OWN[shell]]):
        with pane(shell, environ, tmp_path / f"pane{number}", load=False) as term:
            term.do(line)
            before = term.do("typeset -p GITHUB_TOKEN")
            term.load()
            assert term.variable("GITHUB_TOKEN") == CANARY, line
            keybound("expire", "staging/github", "--yes")
            assert "-GITHUB_TOKEN" in term.do("true"), line
            assert term.variable("GITHUB_TOKEN") is None, line
            assert term.do("typeset -p GITHUB_TOKEN") == before, line
            term.do(f"set > {term.folder}/dump")
            assert CANARY not in (term.folder / "dump").read_bytes(), line
        assert keybound("approve", "staging", "--yes").returncode == 0


@pytest.mark.parametrize("shell", POSIX)
def test_a_readonly_variable_keeps_nothing_else_from_leaving(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    assert keybound("add", "staging/a", "--env", "AAA_TOKEN", given=b"of a").returncode == 0
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        term.do("readonly GITHUB_TOKEN=mine; set -e")
        term.load()
        assert "AAA_TOKEN" in term.history()
        assert term.variable("AAA_TOKEN") == b"of a"
        assert term.variable("GITHUB_TOKEN") is None
        before = term.starts
        term.do("true")
        assert term.starts == before
    with pane(shell, environ, tmp_path / "other") as term:
        assert (term.variable("AAA_TOKEN"), term.variable("GITHUB_TOKEN")) == (b"of a", CANARY)
        term.do("readonly AAA_TOKEN; set -e")
        for name in ("github", "a"):
            keybound("expire", f"staging/{name}", "--yes")
        term.do("true")
        assert term.variable("GITHUB_TOKEN") is None


def test_a_trap_that_keeps_every_command_is_given_no_secret(
    staging: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    with pane("bash", environ, tmp_path / "pane", load=False) as term:
        term.do(f"trap 'echo \"$BASH_COMMAND\" >> {tmp_path}/commands' DEBUG; shopt -s extdebug")
        term.load()
        assert term.variable("GITHUB_TOKEN") == CANARY
        assert "T" in term.do("echo $-").strip()
    kept = (tmp_path / "commands").read_bytes()
    assert b"_keybound_plainly _keybound_prompt" in kept  # it sees the hook begin, and nothing of what is inside
    assert CANARY not in kept


@pytest.mark.parametrize("shell", SHELLS)
def test_the_same_secret_from_elsewhere_does_not_come_back_as_what_was_there_before(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    """As where KEYBOUND_HELD was lost on the way to this shell."""
    needed(shell)
    with pane(shell, {**environ, "GITHUB_TOKEN": CANARY.decode()}, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        keybound("expire", "staging/github", "--yes")
        assert "-GITHUB_TOKEN" in term.do(NOTHING[shell])
        assert term.variable("GITHUB_TOKEN") is None


def test_a_pin_to_a_profile_that_is_gone_is_said_once(
    keybound: Run, staging: Path, profiles: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    (profiles / "bare.toml").write_text("schema = 1\n")
    with pane("bash", environ, tmp_path / "pane") as term:
        term.do("keybound use bare")
        (profiles / "bare.toml").unlink()
        assert "no such profile: bare" in term.do("true")
        assert "keybound" not in term.do("true")
        assert "keybound:" in term.do("keybound use ''")
        term.do("keybound use -")
        assert (term.variable("KEYBOUND_PROFILE"), term.variable("GITHUB_TOKEN")) == (None, CANARY)
