"""Tokens bound to what a tool would use: a hooked shell follows variables, files that come and go, and repointed links."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support.pane import SHELLS, Pane, pane
from support.programs_at_hand import needed
from support.words import NOTHING, SET, UNSET

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
EACH_PROMPT = ("elvish",)


def bind(keybound: Run, *bindings: str) -> None:
    """A token bound so, in the profile in use, from a home where all hold or not."""
    assert keybound("init").returncode == 0
    given = [word for one in bindings for word in ("--bind", one)]
    done = keybound("add", "default/t", "--env", "TT", "--yes", *given, given=b"canary-value\n")
    assert done.returncode == 0, done.stderr


def config(path: Path, context: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"current-context: {context}\ncontexts:\n- name: {context}\n  context: {{}}\n")
    os.utime(path, (1, 1))
    return path


def still(term: Pane) -> None:
    """No prompt starts the program while nothing changes."""
    before = term.starts
    for _ in range(3):
        term.do(NOTHING[term.shell])
    assert term.starts - before == (3 if term.shell in EACH_PROMPT else 0)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_follows_kubectl(
    keybound: Run, home: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    usual, prod = config(home / ".kube" / "config", "staging"), config(home / "prod", "prod")
    bind(keybound, "kube:context equals=staging")
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("TT") == b"canary-value"
        still(term)
        assert "-TT" in term.do(SET[shell].format("KUBECONFIG", prod))
        assert f"set by KUBECONFIG in {prod}:1" in term.history()
        assert "+TT" in term.do(SET[shell].format("KUBECONFIG", f"{home}/first:{usual}"))
        still(term)
        config(home / "first", "prod")
        assert "-TT" in term.do(NOTHING[shell])
        still(term)
        (home / "first").unlink()
        assert "+TT" in term.do(NOTHING[shell])
        term.do(UNSET[shell].format("KUBECONFIG"))
        assert term.variable("TT") == b"canary-value"
        usual.rename(home / "kept")
        usual.symlink_to(home / "kept")
        for path in (prod, home / "kept"):
            os.utime(path, (2, 2))  # another time than the plain file had, and the same for both ends
        term.do(NOTHING[shell])
        assert term.variable("TT") == b"canary-value"
        still(term)
        subprocess.run(["ln", "-sfn", str(prod), str(usual)], check=True)
        assert "-TT" in term.do(NOTHING[shell])


@pytest.mark.parametrize("shell", SHELLS)
def test_three_tools_cost_an_unchanged_prompt_no_process(
    keybound: Run, home: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    """And each variable, and a project's file that comes later, is noticed at the next prompt."""
    needed(shell)
    config(home / ".kube" / "config", "staging")
    (home / ".npmrc").write_text("registry=https://${REG_HOST}/\n")
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text("[default]\nregion = eu-west-1\n[profile prod]\nregion = eu-west-1\n")
    bind(
        keybound, "kube:context equals=staging", "npm:registry equals=https://a.example/", "aws:profile equals=default"
    )
    with pane(shell, {**environ, "REG_HOST": "a.example"}, tmp_path / "pane") as term:
        assert term.variable("TT") == b"canary-value"
        still(term)
        for name, other in (("AWS_PROFILE", "prod"), ("npm_config_registry", "https://b.example/")):
            assert "-TT" in term.do(SET[shell].format(name, other))
            still(term)
            assert "+TT" in term.do(UNSET[shell].format(name))
        assert "-TT" in term.do(SET[shell].format("REG_HOST", "b.example"))
        assert "+TT" in term.do(SET[shell].format("REG_HOST", "a.example"))
        (tmp_path / "pane" / ".npmrc").write_text("registry=https://project.example/\n")
        assert "-TT" in term.do(NOTHING[shell])
        assert "set in" in term.history()
        still(term)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_tool_that_is_found_by_path_costs_an_unchanged_prompt_no_process(
    keybound: Run, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    needed("npm")
    bind(keybound, "npm:registry equals=https://registry.npmjs.org/", "pip:index-url exists=true")
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("TT") == b"canary-value"
        still(term)
