"""A tmux server keeps the environment it was started with: its new panes drop what expired meanwhile."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.programs_at_hand import needed
from support.shells import LOAD, SHELLS, Terminal
from support.staging import CANARY, furnish

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


class Tmux:
    """A server of this test alone."""

    def __init__(self, socket: Path) -> None:
        self.command = f"tmux -S {socket} -f /dev/null"

    def __call__(self, *arguments: str) -> None:
        subprocess.run([*self.command.split(), *arguments], check=True, capture_output=True, timeout=20)

    def pane_sees(self, shell: str, out: Path) -> str:
        """What a program in a new pane gets as GITHUB_TOKEN, after the pane's shell loaded the hook."""
        self("new-window", " ".join(SHELLS[shell]))
        for line in (
            LOAD[shell],
            "true",
            f"""sh -c 'printf "<%s>" "${{GITHUB_TOKEN-unset}}" > {out}.new; mv {out}.new {out}' """,
        ):
            self("send-keys", "-l", line)
            self("send-keys", "Enter")
        end = time.monotonic() + 60
        while not out.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        return out.read_text()


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    needed("tmux")
    started = Tmux(tmp_path / "tmux")
    yield started
    subprocess.run([*started.command.split(), "kill-server"], check=False, capture_output=True, timeout=20)


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_a_pane_of_a_server_started_from_a_hooked_shell(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, tmux: Tmux, shell: str
) -> None:
    needed(shell)
    furnish(keybound, profiles, home)
    keybound("use", "staging")
    terminal = Terminal(shell, environ)
    try:
        assert terminal.variable("GITHUB_TOKEN") == CANARY.decode()
        terminal.do(f"{tmux.command} new-session -d sh")
    finally:
        terminal.close()
    assert tmux.pane_sees(shell, tmp_path / "before") == f"<{CANARY.decode()}>"
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    tmux("new-window", f"sh -c 'printf %s \"$GITHUB_TOKEN\" > {tmp_path}/raw'")
    assert tmux.pane_sees(shell, tmp_path / "after") == "<unset>"
    assert (
        tmp_path / "raw"
    ).read_bytes() == CANARY  # a pane without the hook still has it: it is the hook that drops it
