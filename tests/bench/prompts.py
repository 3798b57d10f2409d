"""An unchanged prompt of bash, zsh and fish, with 10 and 100 files and three tools' keys, against the hooks of direnv and fnox.

Measured in processor time, the shell's and its children's. The files have rested for an hour; there is a runtime folder
in memory, as a login session has one."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.homes import bind_files, bind_tools, file_home
from bench.peers import direnv_folder, fnox_folder, program
from bench.timing import Command, absent, medians, processor, row

SHELLS = {"bash": ["bash", "-c"], "zsh": ["zsh", "-fc"], "fish": ["fish", "--no-config", "-c"]}
_OURS, _THEIRS = 2000, 40
_HOOKS = {
    "keybound": dict.fromkeys(SHELLS, "_keybound_hook"),
    "direnv": {"bash": "_direnv_hook", "zsh": "_direnv_hook", "fish": "__direnv_export_eval"},
    "fnox": {"bash": "_fnox_hook", "zsh": "_fnox_hook", "fish": "__fnox_env_eval"},
}
_LOAD = {"keybound": "keybound hook {}", "direnv": "direnv hook {}", "fnox": "{fnox} activate {}"}


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("unchanged prompt, processor time")
    with _runtime() as runtime:
        for files in (10, 100):
            _table(folder, runtime, files, runs)
        _tools(folder, runtime, runs)
    absent([name for name in ("direnv", "fnox", *SHELLS) if not program(name)])


@contextmanager
def _runtime() -> Iterator[dict[str, str]]:
    """A runtime folder in memory, where the system has such files."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield {}
        return
    with TemporaryDirectory(dir=memory) as folder:
        yield {"XDG_RUNTIME_DIR": folder}


def _table(folder: Path, runtime: dict[str, str], files: int, runs: int) -> None:
    peers = [name for name in ("direnv", "fnox") if program(name)]
    environ = file_home(folder / f"home{files}") | runtime
    bind_files(environ, files)
    _rest(Path(environ["HOME"]))
    places = {"keybound": Path(environ["HOME"])}
    if "direnv" in peers:
        places["direnv"] = direnv_folder(folder / f"direnv{files}", environ, files)
    if "fnox" in peers:
        places["fnox"] = fnox_folder(folder / f"fnox{files}", environ, keychain=False)
    for shell in filter(program, SHELLS):
        _compare(shell, f"{files} files", places, environ, runs)


def _tools(folder: Path, runtime: dict[str, str], runs: int) -> None:
    environ = file_home(folder / "tools") | runtime
    bind_tools(environ)
    _rest(Path(environ["HOME"]))
    for shell in filter(program, SHELLS):
        _compare(shell, "three tools' keys", {"keybound": Path(environ["HOME"])}, environ, runs)


def _rest(home: Path) -> None:
    """Let an hour pass for every file."""
    then = time.time() - 3600
    for path in home.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def _compare(shell: str, what: str, places: dict[str, Path], environ: dict[str, str], runs: int) -> None:
    commands = {}
    for name, place in places.items():
        count = _OURS if name == "keybound" else _THEIRS
        for times in (0, count):
            script = _script(shell, name, times)
            commands[f"{name} {times}"] = Command([*SHELLS[shell], script], environ, place)
    found = medians(commands, max(3, runs // 3), processor)
    ours = (found[f"keybound {_OURS}"] - found["keybound 0"]) / _OURS
    theirs = {
        name: (found[f"{name} {_THEIRS}"] - found[f"{name} 0"]) / _THEIRS for name in places if name != "keybound"
    }
    row(f"{shell}, {what}", ours, {name: ours / other for name, other in theirs.items()})
    for name, other in theirs.items():
        row(f"    {name}", other, {"keybound": other / ours})


def _script(shell: str, name: str, times: int) -> str:
    """Load the hook, let it look once, then so many unchanged prompts."""
    load, hook = _LOAD[name].format(shell, fnox=program("fnox")), _HOOKS[name][shell]
    if shell == "fish":
        return f"{load} | source; {hook}; for i in (seq {times}); {hook}; end"
    return f'eval "$({load})"; {hook}; for (( i = 0; i < {times}; i++ )); do {hook}; done'
