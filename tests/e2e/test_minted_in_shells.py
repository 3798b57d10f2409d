"""A hooked shell keeps a minted token for half of its life, and gets another at its next prompt after that."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.prompt.following import follow
from keybound.shells.step import EnvUpdate
from support.minted import edited, furnish_minted
from support.staging import COMMAND, Run, released


class Shell:
    """What a hooked shell does with the answers that it gets, at whatever time."""

    def __init__(self, environ: dict[str, str], home: Path) -> None:
        self.environ = {**environ, "KEYBOUND_PROFILE": "staging"}
        self._folder = str(home / ".local/state/keybound/hooks/1-1")
        self.late = timedelta()

    def prompt(self) -> EnvUpdate:
        """Draw a prompt, looking."""
        context = Context(self.environ, self.environ["HOME"])
        context.clock = lambda: datetime.now(UTC) + self.late  # type: ignore[method-assign]
        answer = follow(context, "bash", self._folder).answer
        context.close()
        self.environ |= {name: value.decode() for name, value in answer.put.items()}
        for name in answer.drop:
            self.environ.pop(name, None)
        self.environ["KEYBOUND_HELD"] = answer.held
        return answer

    @property
    def token(self) -> str:
        """What it holds."""
        return self.environ.get("DEPLOY_TOKEN", "")


@pytest.fixture
def shell(keybound: Run, profiles: Path, environ: dict[str, str], home: Path) -> Shell:
    """A shell with the token of a profile."""
    furnish_minted(keybound, profiles)
    one = Shell(environ, home)
    one.prompt()
    assert one.token.startswith("eyJ")
    return one


def test_it_keeps_what_it_has_for_half_of_its_life(shell: Shell) -> None:
    first = shell.token
    answer = shell.prompt()
    assert (shell.token, answer.put) == (first, {})
    assert 400 < answer.seconds <= 450
    shell.late = timedelta(seconds=440)
    assert shell.prompt().put == {}
    assert shell.token == first
    shell.late = timedelta(seconds=450)
    assert list(shell.prompt().put) == ["DEPLOY_TOKEN"]
    assert shell.token != first


def test_it_gets_another_when_the_configuration_or_the_key_is_another(
    shell: Shell, keybound: Run, profiles: Path
) -> None:
    first = shell.token
    edited(profiles / "staging.toml", 'region = "eu-west-1"\n', 'region = "eu-west-2"\n')
    shell.prompt()
    second = shell.token
    assert second not in ("", first)
    assert keybound("refresh", "staging/deploy").returncode == 0
    shell.prompt()
    assert shell.token not in ("", first, second)
    edited(profiles / "staging.toml", "beta_writes = false", "beta_writes = true")
    assert shell.prompt().drop == ("DEPLOY_TOKEN",)


def test_what_was_put_there_by_others_is_not_kept(shell: Shell) -> None:
    first = shell.token
    shell.environ["DEPLOY_TOKEN"] = first[:-4] + "AAAA"
    shell.prompt()
    assert shell.token not in (first, first[:-4] + "AAAA")


def test_an_unchanged_prompt_starts_no_process(
    keybound: Run, profiles: Path, environ: dict[str, str], home: Path
) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    furnish_minted(keybound, profiles)
    script = f'eval "$("{COMMAND}" hook bash)"\nfor _ in 1 2 3; do eval "$PROMPT_COMMAND"; echo "$DEPLOY_TOKEN"; done'
    done = subprocess.run(
        [bash, "--norc", "--noprofile", "-i"],
        input=script.encode(), env={**environ, "KEYBOUND_PROFILE": "staging", "PATH": os.environ["PATH"]},
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    tokens = [line for line in done.stdout.splitlines() if line.startswith(b"eyJ")]
    assert len(tokens) == 3, done
    assert len(set(tokens)) == 1
    assert released(home) <= 2  # the first prompt, once more where that moved what it compares
