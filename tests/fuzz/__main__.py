"""Fuzz one target: ``cd tests && python -m fuzz TARGET --seconds 3600``; what it finds is written into ``--found DIR``.

Needs atheris (``pip install atheris``), which the tests do not: they try what was found, without it.
"""

import argparse
import tempfile
from pathlib import Path

import atheris


def main() -> None:
    """Run the fuzzer; it ends the process."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--found", type=Path, default=Path("found"))
    options = parser.parse_args()
    with atheris.instrument_imports(include=["keybound"]):
        from fuzz.seeds import seeds
        from fuzz.targets import TARGETS, kept
    if options.target not in TARGETS:
        parser.error(f"targets: {', '.join(sorted(TARGETS))}")
    options.found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as begin:
        for number, seed in enumerate((*seeds(options.target), *(one.read_bytes() for one in kept(options.target)))):
            Path(begin, str(number)).write_bytes(seed)
        limits = [f"-max_total_time={options.seconds}", "-timeout=10", "-rss_limit_mb=3000", "-max_len=8192"]
        words = ["fuzz", *limits, f"-artifact_prefix={options.found}/{options.target}-", "-print_final_stats=1", begin]
        atheris.Setup(words, TARGETS[options.target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
