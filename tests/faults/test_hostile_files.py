"""Files made to hurt: each ends in a value or one line, soon and within bounded memory."""

import json
import subprocess
import sys
from pathlib import Path

from support import hostile

MOST_SECONDS = 2.0  # of processor time; the promise is one, on a machine that is not shared


def test_no_file_hurts() -> None:
    done = subprocess.run(
        [sys.executable, str(Path(hostile.__file__))], capture_output=True, text=True, check=True, timeout=170
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) > 80
    assert [(name, said) for name, _, said in rows if said] == []
    assert [(name, seconds) for name, seconds, _ in rows if seconds > MOST_SECONDS] == []
