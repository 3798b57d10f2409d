"""What traces, echoes, exports all or logs in a shell: no secret and no earlier value is shown, exported or written."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.pane import SHELLS, pane
from support.programs_at_hand import needed
from support.staging import CANARY, furnish
from support.words import NOTHING, SET

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
PRIOR = b"prior-77aa-of-the-owner"
MODES = {
    "bash": [
        "set -vxa",
        "set -o verbose -o xtrace -o allexport -o functrace -o errtrace; trap 'echo \"D $BASH_COMMAND\"' DEBUG ERR",
        "shopt -s extdebug; trap 'echo \"D $BASH_COMMAND\"' DEBUG RETURN",
        "HISTFILE={log}; HISTCONTROL=; shopt -s histappend cmdhist; PROMPT_COMMAND='history -a'",
        "BASH_COMPAT=3.2; set -avx; exec 9>{log}; BASH_XTRACEFD=9",
    ],
    "zsh": [
        "setopt verbose xtrace all_export",
        "trap 'echo \"D $ZSH_DEBUG_CMD\"' DEBUG",
        'TRAPDEBUG() { echo "D $ZSH_DEBUG_CMD"; }; TRAPZERR() { echo "E $ZSH_DEBUG_CMD"; }',
        "HISTFILE={log}; SAVEHIST=99; setopt inc_append_history extended_history; set -avx",
        "zmodload zsh/zprof; setopt debug_before_cmd source_trace eval_lineno",
    ],
    "fish": ["set -g fish_trace 1", "set -gx fish_trace all"],
    "xonsh": [
        "$XONSH_TRACE_SUBPROC = True; $XONSH_STORE_STDOUT = True; $XONSH_SHOW_TRACEBACK = True; $XONSH_DEBUG = 1",
        "trace on",
    ],
    "nu": ["$env.NU_LOG_LEVEL = 'TRACE'"],
    "elvish": ["set-env ELVISH_TRACE 1"],
}
CASES = [(shell, mode) for shell in SHELLS for mode in MODES[shell]]


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


@pytest.mark.parametrize(("shell", "mode"), CASES)
def test_no_mode_shows_or_exports_a_value(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str, mode: str
) -> None:
    needed(shell)
    log = tmp_path / "log"
    with pane(shell, {**environ, "GITHUB_TOKEN": PRIOR.decode()}, tmp_path / "pane", load=False) as term:
        term.do(mode.replace("{log}", str(log)))
        term.load()
        assert term.variable("GITHUB_TOKEN") == CANARY
        ours(term.environment())
        term.do("keybound use default")
        assert term.variable("GITHUB_TOKEN") == PRIOR
        ours(term.environment())
        term.do("keybound use -")
        term.do(SET[shell].format("KEYBOUND_PROFILE", "staging"))
        assert term.variable("GITHUB_TOKEN") == CANARY
        before = term.starts
        term.do(NOTHING[shell])
        assert term.starts == before or shell == "elvish"
        if shell in ("bash", "zsh"):
            term.do(f"echo $- > {tmp_path}/flags; trap > {tmp_path}/traps")
            assert set("vxa") & set(mode.partition("set -")[2][:3]) <= set((tmp_path / "flags").read_text())
            assert ("DEBUG" in mode) == ("DEBUG" in (tmp_path / "traps").read_text())
        shown = term.history().encode() + (log.read_bytes() if log.exists() else b"")
    assert CANARY not in shown
    assert PRIOR not in shown


def ours(environment: dict[bytes, bytes]) -> None:
    """Nothing of the hook's own is exported but the list of what is held, and the earlier value nowhere but in its place."""
    names = [name for name in environment if b"keybound" in name.lower()]
    given = {b"KEYBOUND_STORE", b"KEYBOUND_PASSWORD_FILE", b"KEYBOUND_AGENT"}
    assert set(names) <= {b"KEYBOUND_HELD", b"KEYBOUND_PROFILE", *given}
    assert not [name for name, value in environment.items() if PRIOR in value and name != b"GITHUB_TOKEN"]


def test_the_profiler_of_fish_logs_no_value(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    script = 'keybound hook fish | source; _keybound_hook; test -n "$GITHUB_TOKEN"; and echo there'
    words = [needed("fish"), "--no-config", f"--profile={log}", "-c", script]
    done = subprocess.run(words, env=environ, cwd=tmp_path, capture_output=True, check=True, timeout=60)
    assert done.stdout.split()[-1:] == [b"there"]
    assert CANARY not in log.read_bytes()
