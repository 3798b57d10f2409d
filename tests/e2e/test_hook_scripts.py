"""A shell that will show no prompt has its profile's variables as soon as it has evaluated the hook."""

import subprocess
import time
from pathlib import Path

import pytest

from support.pane import SHELLS
from support.programs_at_hand import needed
from support.staging import CANARY, REST, Run, furnish

USE = 'sh -c \'printf "<%s>" "$GITHUB_TOKEN"\''
# shell: its command line before the script's path, how it evaluates the hook, and how it starts `sh`
SCRIPTS = {
    "bash": (["bash", "--norc"], 'eval "$(keybound hook bash)"\n', USE),
    "zsh": (["zsh", "-f"], 'eval "$(keybound hook zsh)"\n', USE),
    "fish": (["fish", "--no-config"], "keybound hook fish | source\n", USE),
    "elvish": (["elvish", "-norc"], "eval (keybound hook elvish | slurp)\n", f"e:{USE}"),
    "xonsh": (["xonsh", "--no-rc"], "exec($(keybound hook xonsh))\n", USE),
    "nu": (["nu", "--no-config-file"], "source HOOK\n", f"^{USE}"),
}
STRICT = {"bash": "set -eu\n", "zsh": "set -eu\n"}
ALSO = {
    "bash": [["bash", "--norc", "-i"], ["bash", "-vxa"]],
    "zsh": [["zsh", "-f", "-i"]],
    "fish": [["fish", "--no-config", "-i"]],
}


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


def ran(words: list[str], environ: dict[str, str], cwd: Path) -> "subprocess.CompletedProcess[bytes]":
    more = {**environ, "XONSH_HISTORY_BACKEND": "dummy", "GITHUB_TOKEN": "of-the-owner"}
    return subprocess.run(
        words, env=more, cwd=cwd, capture_output=True, check=False, timeout=60, start_new_session=True
    )


def script(shell: str, environ: dict[str, str], folder: Path) -> str:
    """The lines of a script of this shell that evaluates the hook and uses the token."""
    needed(shell)
    _, load, use = SCRIPTS[shell]
    hook = subprocess.run(["keybound", "hook", shell], env=environ, capture_output=True, check=True).stdout
    (folder / "hook").write_bytes(hook)
    return f"{load.replace('HOOK', str(folder / 'hook'))}{use}\n"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("how", ["a script", "-c"])
def test_it_has_them_at_once_and_without_a_word(
    staging: Path, environ: dict[str, str], tmp_path: Path, shell: str, how: str
) -> None:
    lines = STRICT.get(shell, "") + script(shell, environ, tmp_path)
    (tmp_path / "script").write_text(lines)
    words = [*SCRIPTS[shell][0], *(["-c", lines] if how == "-c" else [str(tmp_path / "script")])]
    done = ran(words, environ, tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == (b"<" + CANARY + b">", b"", 0)


@pytest.mark.parametrize("words", [words for some in ALSO.values() for words in some], ids=" ".join)
def test_whatever_else_runs_a_command_and_goes(
    staging: Path, environ: dict[str, str], tmp_path: Path, words: list[str]
) -> None:
    done = ran([*words, "-c", script(words[0], environ, tmp_path)], environ, tmp_path)
    assert b"<" + CANARY + b">" in done.stdout
    assert CANARY not in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_what_may_not_be_had_is_said(staging: Path, environ: dict[str, str], tmp_path: Path, shell: str) -> None:
    (tmp_path / "script").write_text(script(shell, environ, tmp_path))
    staging.write_text("current-context: prod\n")
    time.sleep(REST)
    done = ran([*SCRIPTS[shell][0], str(tmp_path / "script")], environ, tmp_path)
    assert done.stdout == b"<of-the-owner>"
    assert b"Traceback" not in done.stderr
