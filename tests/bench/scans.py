"""Scanners side by side on one labelled set, and on many files: recall, false finds, time.

Peers are taken from PATH or from BENCH_SCANNERS, a list of folders: gitleaks, betterleaks, kingfisher, detect-secrets.
"""

import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from support.scan_corpus import Labelled, Place, make_lookalikes, make_tokens, many_files
from support.staging import COMMAND

_SEED = 17
_MANY = 100_000


class Scanner(NamedTuple):
    """``command``: for a folder and a report; ``places``: file and line of each finding in the report."""

    program: str
    command: Callable[[str, str, str], list[str]]
    places: Callable[[Any], list[Place]]


SCANNERS = {
    "keybound": Scanner(
        COMMAND,
        lambda program, folder, _: [program, "scan", "--json", folder],
        lambda data: [(one["path"], one["line"]) for one in data],
    ),
    "gitleaks": Scanner(
        "gitleaks",
        lambda program, folder, report: [program, "dir", folder, "--no-banner", "-f", "json", "-r", report],
        lambda data: [(one["File"], one["StartLine"]) for one in data],
    ),
    "betterleaks": Scanner(
        "betterleaks",
        lambda program, folder, report: [program, folder, "--no-banner", "-o", report],
        lambda data: [(one["location"]["path"], one["location"]["start_line"]) for one in data["findings"]],
    ),
    "kingfisher": Scanner(
        "kingfisher",
        lambda program, folder, report: [program, "scan", folder, "--no-validate", "--format", "json", "-o", report],
        lambda data: [(one["finding"]["path"], one["finding"]["line"]) for one in data["findings"]],
    ),
    "detect-secrets": Scanner(
        "detect-secrets",
        lambda program, folder, _: [program, "scan", "--all-files", folder],
        lambda data: [(path, one["line_number"]) for path, rows in data["results"].items() for one in rows],
    ),
}


def run(folder: Path, runs: int) -> None:
    """Print both tables."""
    rng = random.Random(_SEED)
    labelled = make_tokens(folder / "tokens", rng)
    make_lookalikes(folder / "lookalikes", rng)
    print(f"{len(labelled.tokens)} tokens, {len(labelled.faulty)} whose checksum fails, seed {_SEED}")
    print(f"{'':16}{'found':>7}{'recall':>8}{'false':>7}{'faulty':>8}{'seconds':>9}")
    for name, scanner in SCANNERS.items():
        _row(name, scanner, folder, labelled)
    many = folder / "many"
    many_files(many, rng, _MANY)
    print(f"{_MANY:,} files, {sum(path.stat().st_size for path in many.rglob('*') if path.is_file()) / 1e6:,.0f} MB")
    for name, scanner in SCANNERS.items():
        found, seconds = scanned(scanner, many, folder / f"{name}-many.json")
        print(f"{name:16}" + (f"{len(found):>7} found {seconds:>8.2f} s" if found is not None else "  absent"))


def _row(name: str, scanner: Scanner, folder: Path, labelled: Labelled) -> None:
    found, seconds = scanned(scanner, folder, folder.parent / f"{folder.name}-{name}.json")
    if found is None:
        print(f"{name:16}  absent")
        return
    right = found & labelled.tokens.keys()
    false = found - labelled.tokens.keys() - labelled.faulty
    print(
        f"{name:16}{len(right):>7}{len(right) / len(labelled.tokens):>8.1%}{len(false):>7}"
        f"{len(found & labelled.faulty):>8}{seconds:>9.2f}"
    )
    if os.environ.get("BENCH_VERBOSE") == name:
        for place in sorted(labelled.tokens.keys() - found):
            print("missed", place, labelled.tokens[place])
        for place in sorted(false | (found & labelled.faulty)):
            print("false", place, Path(place[0]).read_text().splitlines()[place[1] - 1][:120])


def scanned(scanner: Scanner, folder: Path, report: Path) -> tuple[set[Place] | None, float]:
    """What a scanner finds, and how long it takes; None where it is absent."""
    paths = os.pathsep.join([os.environ.get("BENCH_SCANNERS", ""), os.environ["PATH"]])
    program = shutil.which(scanner.program, path=paths)
    if program is None:
        return None, 0
    began = time.perf_counter()
    done = subprocess.run(
        scanner.command(program, str(folder), str(report)), cwd=folder, capture_output=True, check=False
    )
    seconds = time.perf_counter() - began
    data = json.loads(report.read_bytes() if report.exists() else done.stdout)
    return {(os.path.join(folder, path), line) for path, line in scanner.places(data)}, seconds
