"""The application in a real terminal with real homes of 10 to 10,000 tokens, as ratios to the smallest Textual application."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.homes import KEYBOUND, file_home
from bench.looks import SIZES, fill
from bench.terminals import Terminal

_SMALLEST = (
    "from textual.app import App\nfrom textual.widgets import Label\n"
    "class A(App):\n    def compose(self): yield Label('READY-NOW')\nA().run()\n"
)
# The keys that are measured, in this order. A key of several is pressed one after the other and their median is taken.
_KEYS = {
    "down": ["\x1b[B"] * 5,
    "end": ["\x1b[F"],
    "filter": ["/"],
    "a letter in it": ["7", "t"],
    "Map": ["\r", "2"],
    "Drift": ["4"],
    "Tokens": ["1"],
}
_SLOW = 1_000  # tokens: reading them all takes long enough to press a key meanwhile


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("application at size, in a terminal")
    script = folder / "smallest.py"
    script.write_text(_SMALLEST)
    homes = {}
    for count in SIZES:
        homes[count] = file_home(folder / f"home{count}")
        fill(homes[count], count)
    measure(homes, script, runs)


def measure(homes: Mapping[int, Mapping[str, str]], script: Path, runs: int) -> None:
    """Print two lines for each home. The smallest application is started between, as the machine is not always as fast."""
    smallest = [sys.executable, str(script)]
    for count, environ in homes.items():
        _remember(environ)
        both = [(_first([KEYBOUND], environ, b"P0_T"), _first(smallest, environ, b"READY-NOW")) for _ in range(runs)]
        ratio = median(ours / theirs for ours, theirs in both)
        ready, memory, during, keys = _used(environ, count)
        print(f"  {count} tokens: the first {ratio:.2f} x Textual, all of them after {ready:.1f} s, {memory} MB")
        shown = {**keys, "one while they are read": during} if during else keys
        print("    keys: " + ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in shown.items()))


def _first(words: list[str], environ: Mapping[str, str], wanted: bytes) -> float:
    with closing(Terminal(words, environ)) as terminal:
        return terminal.until(wanted)


def _remember(environ: Mapping[str, str]) -> None:
    """Look once and quit, so that the next start has rows to show."""
    with closing(Terminal([KEYBOUND], environ)) as terminal:
        terminal.until(b"watched")
        terminal.rest(0.5)
        terminal.quit()


def _used(environ: Mapping[str, str], count: int) -> tuple[float, int, float, dict[str, float]]:
    """Seconds until all was read, MB, seconds of a key meanwhile, and of each key afterwards."""
    with closing(Terminal([KEYBOUND], environ)) as terminal:
        terminal.until(b"P0_T")
        during = max(terminal.key(key, 1) for key in "\t\t") if count >= _SLOW else 0.0
        ready = terminal.until(b"watched")
        terminal.rest(1)
        keys = {name: _pressed(terminal, name, pressed) for name, pressed in _KEYS.items()}
        return ready, terminal.memory, during, keys


def _pressed(terminal: Terminal, name: str, keys: Sequence[str]) -> float:
    if name == "Map":  # the first key keeps the filter
        terminal.key(keys[0])
        keys = keys[1:]
    return median(terminal.key(key) for key in keys)
