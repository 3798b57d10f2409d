"""Whole processes, measured in turn, so that what else the machine does meets all of them alike.

The turn is another one in each round: in a fixed one, what stands behind a heavy neighbour pays for it every time.
"""

import random
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Command(NamedTuple):
    """A process to measure. ``times``: how often what is measured happens in it."""

    words: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    times: int = 1


def processor() -> float:
    """Seconds of processor time that ended children have taken: for loops too short for a shared machine's clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(
    commands: Mapping[str, Command], runs: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """The median milliseconds of each, after one round that does not count."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    dice = random.Random(1)
    for turn in range(runs + 1):
        for name, command in dice.sample(list(commands.items()), len(commands)):
            start = clock()
            subprocess.run(command.words, env=command.environ, cwd=command.folder, check=True, capture_output=True)
            if turn:
                found[name].append((clock() - start) * 1000 / command.times)
    return {name: statistics.median(times) for name, times in found.items()}


def row(name: str, milliseconds: float, ratios: Mapping[str, float]) -> None:
    """One line: the time, and how it stands to others."""
    shown = f"{milliseconds * 1000:9.0f} us" if milliseconds < 1 else f"{milliseconds:9.2f} ms"
    print(f"  {name:<38}{shown}   " + "   ".join(f"{value:7.2f} x {other}" for other, value in ratios.items()))


def absent(names: Sequence[str]) -> None:
    """Say which peers could not be measured."""
    if names:
        print(f"  absent here: {', '.join(names)}")
