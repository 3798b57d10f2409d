"""The life of a token, as the guide tells it: each command is run, and prints what stands there."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.staging import COMMAND, REST, Run

PROGRAMS = {
    "mint": "#!/bin/sh\necho deploy-2\n",
    "ask": """#!/bin/sh\ncat > /dev/null\necho '{"identity": "ci-bot", "scopes": ["deploy", "admin"]}'\n""",
    "end": '#!/bin/sh\n[ -e "$HOME/offline" ] && exit 7\ncat >> "$HOME/ended"\n',
}
LATER = """
import sys
from datetime import timedelta
from keybound.cli.main import main
from keybound.custody.context.context import Context

now = Context.clock
Context.clock = lambda self: now(self) + timedelta(days=24)
sys.exit(main(sys.argv[1:]))
"""


def told() -> tuple[str, list[tuple[list[str], list[str]]]]:
    """The guide's definition, and its commands with what they print."""
    guide = (Path(__file__).parents[2] / "docs/guide.md").read_text()
    part = guide.partition("### The life of a token\n")[2].partition("\n## ")[0]
    definition = part.partition("```toml\n")[2].partition("```")[0]
    found: list[tuple[list[str], list[str]]] = []
    for block in part.split("```console\n")[1:]:
        for line in block.partition("```")[0].splitlines():
            if line.startswith("$ keybound "):
                found.append((line.split()[2:], []))
            else:
                found[-1][1].append(line)
    return definition, found


def matches(line: str, printed: list[str]) -> bool:
    """Whether a line was printed; ``…`` stands for anything, blanks for any number of them."""
    words = [re.escape(part.strip()).replace("\\ ", " +") for part in line.split("…")]
    return any(re.fullmatch(r" *.*".join(words) + " *", one.strip()) for one in printed)


@pytest.fixture
def furnished(keybound: Run, profiles: Path, home: Path, tmp_path: Path) -> Path:
    """The profile and its programs; the folder with a ``make`` that the release is for."""
    assert keybound("init").returncode == 0
    for name, text in PROGRAMS.items():
        (profiles / name).write_text(text)
        (profiles / name).chmod(0o700)
    (profiles / "ci.toml").write_text(f"schema = 1\n\n{told()[0]}")
    (tmp_path / "make").write_text("#!/bin/sh\n")
    (tmp_path / "make").chmod(0o700)
    time.sleep(REST)
    return tmp_path


def test_the_guide_tells_the_life_of_a_token(furnished: Path, environ: dict[str, str], home: Path) -> None:
    environ = {**environ, "PATH": f"{furnished}:{environ['PATH']}"}
    missing = []
    for words, lines in told()[1]:
        later = words[0] not in ("add", "probe", "exec")
        if words == ["refresh", "--due"]:
            (home / "offline").touch()
        if words == ["revoke", "--pending"]:
            (home / "offline").unlink()
        program = [sys.executable, "-c", LATER] if later else [COMMAND]
        more = ["--yes"] if words == ["revoke", "ci/deploy"] else []
        done = subprocess.run(
            [*program, *words, *more], env=environ, cwd=furnished, input="deploy-1\n", capture_output=True, text=True,
            check=False, timeout=60, start_new_session=True,
        )  # fmt: skip
        said = (done.stdout + done.stderr).replace(str(home), "~").replace("keybound: ", "")
        missing += [(words, line, said) for line in lines if not matches(line, said.splitlines())]
    assert missing == []
    assert (home / "ended").read_text() == "deploy-1deploy-2"
