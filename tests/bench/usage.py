"""What the index of releases costs: a million events read for the first time, and what a question takes then.

Run it: python tests/bench/usage.py [EVENTS]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from keybound.domain.text.compact_json import dumps
from keybound.stores.journal.usage_index import UsageIndex

EVENTS, TOKENS, FOLDERS = 1_000_000, 50, 3
PROGRAMS = ("/usr/bin/terraform", "/usr/bin/git", "/usr/bin/make", "hook zsh")
EVERY = timedelta(seconds=30)


def events(number: int) -> Iterator[tuple[str, str]]:
    """Months and lines as the journal writes them."""
    rng, at = random.Random(1), datetime(2025, 1, 1, tzinfo=UTC)
    for seq in range(1, number + 1):
        at += EVERY
        text = at.isoformat(timespec="milliseconds")
        by = {
            "program": rng.choice(PROGRAMS), "arguments": 3, "pid": 4711, "parent": 1234, "parents": ["zsh:1234", "tmux:99"],
            "cwd": f"/home/ann/work/{rng.randrange(FOLDERS)}", "tty": "/dev/pts/3",
        }  # fmt: skip
        id_, detail = f"p/t{rng.randrange(TOKENS)}", {"way": "exec", "state": "active"}
        fields = {"seq": seq, "at": text, "kind": "released", "id": id_, "by": by, "detail": detail}
        yield text[:7], dumps({**fields, "prev": "0" * 64, "hash": "1" * 64}) + "\n"


def write(folder: Path, number: int) -> None:
    """The months of a journal."""
    folder.mkdir()
    months: dict[str, list[str]] = {}
    for month, line in events(number):
        months.setdefault(month, []).append(line)
    for month, lines in months.items():
        (folder / f"{month}.jsonl").write_text("".join(lines))


def timed(name: str, call: Callable[[], object]) -> None:
    """Print how long it took."""
    began = time.perf_counter()
    call()
    print(f"{name:<40}{(time.perf_counter() - began) * 1000:>12,.1f} ms")


def main() -> None:
    """Print each cost."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder / "journal", number)
        for name in (f"{number:,} events, read for the first time", "one token, by a new process"):
            index = UsageIndex(str(folder / "usage.db"), str(folder / "journal"))
            timed(name, lambda index=index: index.uses("p/t1"))  # type: ignore[misc]
        timed("one token, again", lambda: index.uses("p/t1"))
        timed("its last 14 days", lambda: index.days("p/t1", "2025-12-01"))
        timed("all tokens", index.uses)
        index.close()


if __name__ == "__main__":
    main()
