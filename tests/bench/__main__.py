"""Everything, or the named parts, side by side in one run: ``cd tests && python -m bench [PART]... [RUNS]``.

Parts: prompts, changed, releases, application, size, looks, scans. Peers are taken from PATH (fnox also from BENCH_FNOX); one
that is not there is named as absent. Times are medians on this machine now; the ratios are what counts.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import application, at_size, changed, looks, prompts, releases, scans

PARTS: dict[str, Callable[[Path, int], None]] = {
    "prompts": prompts.run,
    "changed": changed.run,
    "releases": releases.run,
    "application": application.run,
    "size": at_size.run,
    "looks": looks.run,
    "scans": scans.run,
}


def main(words: Sequence[str]) -> int:
    """Run the parts."""
    runs = next((int(word) for word in words if word.isdigit()), 15)
    for name in [word for word in words if word in PARTS] or list(PARTS):
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder), runs)
    return 0


sys.exit(main(sys.argv[1:]))
