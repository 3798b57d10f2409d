"""A changed prompt of bash: a watched file is touched, and a moment later the hook runs, as fast as nobody types."""

from pathlib import Path

from bench.homes import aided, bind_files, file_home
from bench.peers import direnv_folder, fnox_folder, program
from bench.timing import Command, absent, medians, row

_TIMES = 5
_PAUSE = 0.05  # seconds


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("changed prompt, bash, 10 files")
    environ = file_home(folder / "home")
    file = bind_files(environ, 10)
    commands = _both("keybound", "keybound hook bash", "_keybound_hook", file, environ)
    with aided(environ) as more:
        _compare(
            folder,
            environ,
            commands | _both("keybound, agent", "keybound hook bash", "_keybound_hook", file, more),
            runs,
        )


def _compare(folder: Path, environ: dict[str, str], commands: dict[str, Command], runs: int) -> None:
    if program("direnv"):
        place = direnv_folder(folder / "direnv", environ, 10)
        commands |= _both("direnv", "direnv hook bash", "_direnv_hook", place / ".envrc", environ)
    if program("fnox"):
        place = fnox_folder(folder / "fnox", environ, keychain=False)
        commands |= _both("fnox", f"{program('fnox')} activate bash", "_fnox_hook", place / "fnox.toml", environ)
    found = medians(commands, runs)
    times = {
        name: (found[f"{name} hooked"] - found[f"{name} idle"]) / _TIMES
        for name in ("keybound", "keybound, agent", "direnv", "fnox")
        if f"{name} idle" in found
    }
    for name, time in times.items():
        row(name, time, {other: time / value for other, value in times.items() if other != name})
    absent([name for name in ("direnv", "fnox") if not program(name)])


def _both(name: str, load: str, hook: str, file: Path, environ: dict[str, str]) -> dict[str, Command]:
    found = {}
    for way, then in (("idle", ":"), ("hooked", hook)):
        loop = f"for (( i = 0; i < {_TIMES}; i++ )); do touch {file}; sleep {_PAUSE}; {then}; done"
        found[f"{name} {way}"] = Command(["bash", "-c", f'eval "$({load})"; {hook}; {loop}'], environ, file.parent)
    return found
