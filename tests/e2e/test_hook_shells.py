"""The prompt hook in every shell that runs here, in a real terminal: what it sets, drops, restores, says and starts."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.pane import SHELLS, Pane, pane
from support.programs_at_hand import needed
from support.staging import CANARY, REST, furnish
from support.words import NOTHING, PROMPT, SET, UNSET

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
EACH_PROMPT = ("elvish",)  # before 0.21 it cannot look at a file's time
MOVED = "file:kube#current-context is prod, bound to one of staging, dev"


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    needed(str(request.param))
    return str(request.param)


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    """The profile `staging` in use; its file kube.yaml."""
    furnish(keybound, profiles, home)
    assert keybound("use", "staging").returncode == 0
    return home / "kube.yaml"


def test_the_switcher_of_the_application_pins_the_shell_it_was_started_from(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    keybound("use", "default")
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") is None
        term.type("keybound")
        term.see("default ▾.*\n.*1 Tokens")
        term.see("palette")
        term.keys("p")
        term.see("arrive GITHUB_TOKEN")
        term.keys("Enter")
        wait(lambda: any(path.stat().st_size for path in staging.parent.glob(".local/state/keybound/hooks/*/switch")))
        term.keys("C-q")
        term.at_prompt()
        assert (term.variable("KEYBOUND_PROFILE"), term.variable("GITHUB_TOKEN")) == (b"staging", CANARY)
        assert term.variable("KEYBOUND_SWITCH_FILE") is None
        assert keybound("use").stdout.startswith(b"default ")
        term.do("keybound use -")
        assert (term.variable("KEYBOUND_PROFILE"), term.variable("GITHUB_TOKEN")) == (None, None)


def rewrite(path: Path, text: str) -> None:
    path.write_text(text)
    time.sleep(REST)


def test_nothing_changed_starts_nothing_and_a_change_starts_it_once_and_is_said(
    staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        term.load()
        assert term.variable("GITHUB_TOKEN") == CANARY
        assert term.do(PROMPT[shell]).strip() == "<staging active>"
        before = term.starts
        for _ in range(5):
            assert "keybound" not in term.do("echo one").replace("kb>", "")
        assert (term.starts - before) == (5 if shell in EACH_PROMPT else 0)
        rewrite(staging, "current-context: prod\n")
        before = term.starts
        assert f"keybound: -GITHUB_TOKEN ({MOVED})" in term.do("echo two")
        assert term.starts == before + 1
        assert term.variable("GITHUB_TOKEN") is None
        assert term.variable("KEYBOUND_HELD") is None
        assert term.do(PROMPT[shell]).strip() == "<staging expired>"
        assert term.starts == before + (4 if shell in EACH_PROMPT else 1)


def test_what_a_variable_held_before_comes_back(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    odd = b"a'b\"c\\d $x \n `e`\t!" + (b"" if shell in ("nu", "elvish") else b"\xff\xfe")
    with pane(shell, {**environ, "GITHUB_TOKEN": os.fsdecode(odd)}, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        keybound("expire", "staging/github", "--yes")
        term.do("echo")
        assert term.variable("GITHUB_TOKEN") == odd
        assert b"_keybound" not in b" ".join(term.environment())


def test_an_empty_value_comes_back_and_a_value_of_the_user_stays(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    with pane(shell, {**environ, "GITHUB_TOKEN": ""}, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        keybound("expire", "staging/github", "--yes")
        term.do("echo")
        assert term.variable("GITHUB_TOKEN") == b""
        assert keybound("approve", "staging", "--yes").returncode == 0
        term.do("echo")
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do(SET[shell].format("GITHUB_TOKEN", "mine"))
        keybound("expire", "staging/github", "--yes")
        term.do("echo")
        assert term.variable("GITHUB_TOKEN") == b"mine"


def test_use_pins_this_shell_alone_and_going_back_leaves_the_environment_as_it_was(
    keybound: Run, staging: Path, profiles: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    keybound("use", "default")
    with pane(shell, environ, tmp_path / "pane", load=False) as term:
        found = plain(term)
        term.load()
        assert plain(term) == found
        term.do("keybound use staging")
        assert term.variable("GITHUB_TOKEN") == CANARY
        assert keybound("use").stdout.startswith(b"default ")
        term.do("keybound use -")
        assert plain(term) == found
        term.do(SET[shell].format("KEYBOUND_PROFILE", "staging"))
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do("keybound use default")
        assert term.variable("GITHUB_TOKEN") is None
        term.do("keybound use -")
        assert term.variable("KEYBOUND_PROFILE") == b"staging"
        term.do(UNSET[shell].format("KEYBOUND_PROFILE"))
        assert plain(term) == found
        assert "no such profile: nowhere" in term.do("keybound use nowhere")
        assert plain(term) == found


def plain(term: Pane) -> dict[bytes, bytes]:
    """The environment without what shells themselves change from line to line."""
    own = (
        b"_",
        b"SHLVL",
        b"CMD_DURATION_MS",
        b"LAST_EXIT_CODE",
        b"LAST_RETURN_CODE",
        b"__ALIAS_STACK",
        b"__ALIAS_NAME",
    )
    return {name: value for name, value in term.environment().items() if name not in own}


def test_a_project_file_counts_while_it_is_allowed_and_the_shell_stands_there(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    keybound("use", "default")
    project = tmp_path / "work" / "deep"
    project.mkdir(parents=True)
    (project.parent / ".keybound.toml").write_text('profile = "staging"\n')
    with pane(shell, environ, tmp_path / "pane") as term:
        assert "is not allowed: keybound allow" in term.do(f"cd {project}")
        assert term.variable("GITHUB_TOKEN") is None
        assert "not allowed" not in term.do("keybound lock").replace("keybound lock", "")
        keybound("unlock")
        keybound("allow", str(project))
        assert "keybound: +GITHUB_TOKEN" in term.do("echo")
        assert term.variable("GITHUB_TOKEN") == CANARY
        rewrite(project.parent / ".keybound.toml", 'profile = "staging" # changed\n')
        assert "-GITHUB_TOKEN" in term.do("echo")
        keybound("allow", str(project))
        assert "+GITHUB_TOKEN" in term.do("echo")
        assert "-GITHUB_TOKEN" in term.do("cd /")
        assert term.variable("GITHUB_TOKEN") is None


def test_a_rule_by_folder_and_one_by_remote(
    staging: Path, keybound: Run, profiles: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    keybound("use", "default")
    work, repo = tmp_path / "work", tmp_path / "repo"
    work.mkdir()
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    rules = (
        f'[[use]]\nprofile = "staging"\nfolder = "{work}"\n[[use]]\nprofile = "staging"\nremote = "example.com/a/*"\n'
    )
    (profiles.parent / "config.toml").write_text(rules)
    with pane(shell, environ, tmp_path / "pane") as term:
        assert "+GITHUB_TOKEN" in term.do(f"cd {work}")
        assert "-GITHUB_TOKEN" in term.do(f"cd {repo}")
        remote = ["git", "-C", str(repo), "remote", "add", "origin", "git@example.com:a/b.git"]
        subprocess.run(remote, check=True)
        assert "+GITHUB_TOKEN" in term.do("echo")
        subprocess.run(["git", "-C", str(repo), "remote", "remove", "origin"], check=True)
        assert "-GITHUB_TOKEN" in term.do("echo")


def test_ctrl_c_gives_the_prompt_back_and_is_not_tried_again_at_each_prompt(
    keybound: Run, staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    with pane(shell, environ, tmp_path / "pane") as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        held = term.variable("KEYBOUND_HELD")
        keybound("expire", "staging/github", "--yes")
        term.slow(100)
        before = term.starts
        term.type(NOTHING[shell])
        wait(lambda: term.starts > before)
        time.sleep(0.3)  # the shell waits for it now
        start = time.monotonic()
        term.interrupt()
        assert time.monotonic() - start < 10
        if shell in EACH_PROMPT:
            term.slow(0)
            term.do(NOTHING[shell])
            assert term.variable("GITHUB_TOKEN") is None
            return
        term.do(NOTHING[shell])
        assert term.starts == before + 1
        assert (term.variable("GITHUB_TOKEN"), term.variable("KEYBOUND_HELD")) == (CANARY, held)
        term.slow(0)
        term.do("cd /")
        assert term.variable("GITHUB_TOKEN") is None
        assert term.starts == before + 2


def wait(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("how", ["quiet", "verbose"])
def test_how_much_the_hook_says(
    staging: Path, profiles: Path, environ: dict[str, str], tmp_path: Path, how: str
) -> None:
    (profiles.parent / "config.toml").write_text(f'[hook]\nsay = "{how}"\n')
    with pane("bash", environ, tmp_path / "pane", load=False) as term:
        said = term.do(f"source {term.folder}/hook")
        assert term.variable("GITHUB_TOKEN") == CANARY
        assert said.strip() == ("" if how == "quiet" else "keybound: +GITHUB_TOKEN; staging (the active profile)")
        said = term.do("cd /")
        assert said.strip() == (
            "" if how == "quiet" else "keybound: nothing changed for this shell; staging (the active profile)"
        )


@pytest.mark.parametrize("shell", [one for one in SHELLS if one not in EACH_PROMPT])
def test_the_kernel_saw_no_process_at_an_unchanged_prompt(
    staging: Path, environ: dict[str, str], tmp_path: Path, shell: str
) -> None:
    needed(shell)
    trace = tmp_path / "trace"
    calls = [needed("strace"), "-f", "-e", "trace=execve,fork,vfork,clone,clone3", "-o", str(trace)]
    with pane(shell, environ, tmp_path / "pane", before=calls) as term:
        assert term.variable("GITHUB_TOKEN") == CANARY
        term.do(NOTHING[shell])
        seen = len(processes(trace))
        for _ in range(5):
            term.do(NOTHING[shell])
        assert processes(trace)[seen:] == []
        staging.touch()
        term.do(NOTHING[shell])
        assert len(processes(trace)) > seen


def processes(trace: Path) -> list[str]:
    """The calls that start a process; a thread is none. A call that was cut in two is told by its first line."""
    calls = trace.read_text(errors="replace").splitlines()
    starts = [line for line in calls if "execve(" in line or "fork(" in line or "clone" in line]
    return [line for line in starts if "CLONE_THREAD" not in line and "resumed>" not in line]
