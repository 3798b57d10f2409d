"""What the verbs print, word for word: ``tests/words`` holds transcripts, so that a change of words is seen in review.

``pytest tests/e2e/test_words.py --snapshot-update`` writes them anew; a new command line needs only its ``$`` line.
"""

import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

from keybound.cli.registry import VERBS
from support.replay import Replay
from support.transcript import Transcript

FOLDER = Path(__file__).parents[1] / "words"
MASKS = {
    r"\b[0-9a-f]{32,64}\b": "<digest>",
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)": "<time>",
    r"\b\d+ s ago": "now",
    r"(?m)'([\w.]+)'(?=[^()]*\)$)": r"\1",  # of choices: argparse quotes them before Python 3.12
    r"-(\w) [A-Z]+, (--[a-z-]+ [A-Z]+)": r"-\1, \2",  # of options: argparse says the value twice before Python 3.13
}


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    made = Replay({"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    yield made
    made.close()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_what_the_verbs_print(
    replay: Replay, environ: dict[str, str], open_store: None, pytestconfig: pytest.Config, path: Path
) -> None:
    environ |= {"COLUMNS": "100", "TZ": "UTC", "USER": "ann"}
    masks = {
        re.escape(environ["HOME"]): "/home/ann",
        re.escape(str(Path(environ["HOME"]).parent)): "/tmp/ann",
        re.escape(sys.executable): "/usr/bin/python3",
        **MASKS,
    }
    written = path.read_text()
    printed = Transcript(replay, environ, masks).play(written)
    if pytestconfig.getoption("update_snapshots"):
        path.write_text(printed)
    else:
        changes = "\n".join(unified_diff(written.splitlines(), printed.splitlines(), path.name, "printed now", n=4))
        assert not changes, changes


def test_every_verb_has_its_help_in_the_table() -> None:
    shown = set(re.findall(r"^\$ keybound (\S+) --help$", (FOLDER / "help.txt").read_text(), re.MULTILINE))
    assert shown == set(VERBS)
