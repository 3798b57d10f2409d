"""Any of the shells in a tmux pane with the prompt hook loaded: a terminal that answers what line editors ask of it."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from support.programs_at_hand import needed

PROMPT = "kb>"
_START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
    "nu": ["nu", "--no-std-lib", "-i", "--config", "nu.config", "--env-config", "nu.env"],
    "elvish": ["elvish", "-norc"],
    "xonsh": ["xonsh", "--no-rc", "-i", "--shell-type", "readline"],
}
_PROMPT = {
    "bash": "PS1='kb> '",
    "zsh": "PS1='kb> '; unsetopt prompt_sp prompt_cr",
    "fish": "function fish_prompt; echo 'kb> '; end; function fish_greeting; end",
    "nu": "",
    "elvish": "set edit:prompt = { print 'kb> ' }; set edit:rprompt = { }; set edit:max-height = 20",
    "xonsh": "$PROMPT = 'kb> '; $RIGHT_PROMPT = ''; $SUGGEST_COMMANDS = False; $XONSH_SHOW_TRACEBACK = False",
}
_SOURCE = {
    "bash": "source {}",
    "zsh": "source {}",
    "fish": "source {}",
    "nu": "source {}",
    "elvish": "eval (slurp < {})",
    "xonsh": "exec(open('{}').read())",
}
_NU_CONFIG = """
$env.config.show_banner = false
$env.PROMPT_COMMAND = {|| 'kb> ' }
$env.PROMPT_COMMAND_RIGHT = {|| '' }
$env.PROMPT_INDICATOR = ''
$env.config.shell_integration.osc133 = false
"""
SHELLS = tuple(_START)


class Pane:
    """A shell at a prompt. ``starts`` counts how often its hook started the program."""

    def __init__(self, shell: str, environ: dict[str, str], folder: Path, load: bool, before: Sequence[str]) -> None:
        needed("tmux")
        self.shell, self.folder = shell, folder
        folder.mkdir()
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]
        self._environ = {**environ, "SHELL": "/bin/sh", "LC_ALL": "C.UTF-8"}
        self._prepare()
        program, *words = _START[shell]
        command = ["env", "-u", "TMUX", "-u", "TMUX_PANE", "TERM=screen-256color", *before, needed(program), *words]
        start = ["new-session", "-d", "-x", "180", "-y", "50", "-c", str(folder), shlex.join(command)]
        subprocess.run([*self._tmux, *start], env=self._environ, cwd=folder, check=True, timeout=30)
        self._wait(lambda: self._at_prompt() or self._text() not in ("", "\n"))
        if _PROMPT[shell]:
            self.type(_PROMPT[shell])
        self._wait(self._at_prompt)
        if load:
            self.load()

    def _prepare(self) -> None:
        (self.folder / "nu.config").write_text(_NU_CONFIG)
        (self.folder / "nu.env").write_text("")
        wrapper = self.folder / "python"
        wrapper.write_text(
            f'#!/bin/sh\necho "$*" >> {self.folder}/starts\n{self.folder}/slow\nexec {sys.executable} "$@"\n'
        )
        wrapper.chmod(0o755)
        self.slow(0)
        done = subprocess.run(["keybound", "hook", self.shell], env=self._environ, capture_output=True, check=True)
        (self.folder / "hook").write_bytes(re.sub(rb"/[^'\" ]*/bin/python[0-9.]*", os.fsencode(wrapper), done.stdout))

    def slow(self, seconds: int) -> None:
        """Have the program take its time."""
        path = self.folder / "slow"
        path.write_text(f"#!/bin/sh\n[ {seconds} = 0 ] || exec sleep {seconds}\n")
        path.chmod(0o755)

    def load(self) -> None:
        """Source the hook, and let it look once."""
        self.do(_SOURCE[self.shell].format(self.folder / "hook"))

    @property
    def starts(self) -> int:
        """How often the hook has started the program."""
        path = self.folder / "starts"
        return path.read_text().count("hook-step") if path.exists() else 0

    def do(self, line: str) -> str:
        """Run a line, wait for the next prompt, and return what stands between the two."""
        before = self._row()
        self.type(line)
        self._wait(lambda: self._row() > before and self._at_prompt())
        return self._text(before + 1, self._row() - 1)

    def type(self, line: str) -> None:
        """Type a line and Enter, without waiting."""
        self.keys("-l", line)
        self.keys("Enter")

    def keys(self, *keys: str) -> None:
        """Send keys as tmux names them."""
        subprocess.run([*self._tmux, "send-keys", *keys], check=True, timeout=30)

    def see(self, pattern: str) -> None:
        """Wait until the screen shows it."""
        self._wait(lambda: re.search(pattern, self._text()) is not None)

    def history(self) -> str:
        """Everything that was on the screen so far."""
        return self._ask("capture-pane", "-p", "-J", "-S", "-")

    def interrupt(self) -> None:
        """Ctrl-C, and wait for the prompt."""
        self.keys("C-c")
        self.at_prompt()

    def at_prompt(self) -> None:
        """Wait for the prompt."""
        self._wait(self._at_prompt)

    def variable(self, name: str) -> "bytes | None":
        """What a child of the shell has as this variable; None where it has none."""
        return self.environment().get(name.encode())

    def environment(self) -> dict[bytes, bytes]:
        """Everything that a child of the shell is given."""
        path = self.folder / "environment"
        path.unlink(missing_ok=True)
        self.do(f"sh -c 'cat /proc/self/environ > {path}'")
        return dict(pair.partition(b"=")[::2] for pair in path.read_bytes().split(b"\0") if pair)

    def _row(self) -> int:
        done = self._ask("display-message", "-p", "#{history_size} #{cursor_y}")
        return sum(map(int, done.split()))

    def _at_prompt(self) -> bool:
        shown = self._ask("display-message", "-p", "#{cursor_x} #{cursor_y} #{history_size}").split()
        if len(shown) != 3:
            return False
        row = int(shown[1])
        line = self._ask("capture-pane", "-p", "-S", str(row), "-E", str(row)).rstrip()
        return line.endswith(PROMPT) and int(shown[0]) >= len(PROMPT)

    def _text(self, first: "int | None" = None, last: "int | None" = None) -> str:
        if first is None or last is None:
            return self._ask("capture-pane", "-p")
        if last < first:
            return ""
        history = int(self._ask("display-message", "-p", "#{history_size}"))
        return self._ask("capture-pane", "-p", "-J", "-S", str(first - history), "-E", str(last - history))

    def _ask(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    def _wait(self, true: Callable[[], bool], seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"no prompt:\n{self._text()}"
            time.sleep(0.03)

    def close(self) -> None:
        """End the shell and its tmux."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False, timeout=30)


@contextmanager
def pane(
    shell: str, environ: dict[str, str], folder: Path, *, load: bool = True, before: Sequence[str] = ()
) -> Iterator[Pane]:
    """A pane that ends with the block. ``before``: words in front of the shell's command, such as a tracer's."""
    opened = Pane(shell, environ, folder, load, before)
    try:
        yield opened
    finally:
        opened.close()
