"""A newcomer's first ten minutes: a home with twelve plain tokens in nine files, and what is left of them.

The guide has it as a transcript, whose lines are compared with what is printed.
"""

import json
import os
import re
import subprocess
from io import StringIO
from pathlib import Path

import pexpect
import pytest

from support.plain_home import GITHUB, NPM, OPENAI, PLAIN, STRIPE, furnish_plain
from support.programs_at_hand import needed
from support.staging import COMMAND, Run


@pytest.fixture
def project(home: Path) -> Path:
    """The home, and the project in it."""
    furnish_plain(home)
    return home / "project"


def one_spaced(text: str) -> str:
    """A line whose columns are parted by one space, without the progress that stood there before."""
    return re.sub(r"[ \t]+", " ", text.rpartition("\x1b[K")[2]).strip()


def recorded() -> list[tuple[list[str], list[str]]]:
    """The commands of the guide's transcript, and what they print; ``…`` stands for what is left out."""
    guide = (Path(__file__).parents[2] / "docs/guide.md").read_text()
    block = guide.partition("```console\n")[2].partition("```")[0]
    found: list[tuple[list[str], list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ keybound "):
            found.append((line.split()[2:], []))
        elif line != "…":
            found[-1][1].append(one_spaced(line))
    return found


def test_the_guide_tells_what_happens(project: Path, home: Path, environ: dict[str, str], open_store: None) -> None:
    needed("npm")
    missing = []
    for words, lines in recorded():
        heard = StringIO()
        shown = pexpect.spawn(
            COMMAND, words, env=environ, cwd=str(project), timeout=60, encoding="utf-8", dimensions=(200, 250)
        )
        shown.logfile_read = heard
        if words[0] == "import":
            shown.expect("for none: ")
            shown.sendline("")
        shown.expect(pexpect.EOF)
        shown.close()
        printed = {one_spaced(line) for line in heard.getvalue().replace(str(home), "/home/ann").splitlines()}
        missing += [(words, line) for line in lines if line not in printed]
    assert missing == []


def test_a_few_commands_take_eleven_of_twelve_and_say_where_the_twelfth_is(
    keybound: Run, project: Path, home: Path, environ: dict[str, str]
) -> None:
    bash = needed("bash")

    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, *words], env=environ, cwd=project, capture_output=True, text=True, check=False, timeout=60,
            start_new_session=True,
        )  # fmt: skip

    assert call("init").returncode == 0
    found = json.loads(call("scan", "--json").stdout)
    assert len({one["path"] for one in found}) == 9
    assert len(found) == 12

    done = call("import", "--replace", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("is stored, and read back") == 11

    left = json.loads(call("scan", "--json").stdout)
    assert [(Path(one["path"]).name, one["provider"], one["line"]) for one in left] == [(".bash_history", "gitlab", 2)]

    status = json.loads(call("status", "--json").stdout)
    assert (status["store"]["status"], status["attention"]) == ("open", [])

    script = f'eval "$({COMMAND} hook bash)"; echo "$STRIPE_API_KEY $OPENAI_API_KEY $DB_PASSWORD $NPM_TOKEN $PORT"'
    shell = subprocess.run([bash, "-c", script], env=environ, cwd=project, capture_output=True, text=True, check=True)
    assert shell.stdout.split() == [STRIPE, OPENAI, PLAIN["db"], NPM]
    for path in home.rglob("*"):
        if path.is_file() and path.name != ".bash_history":
            data = path.read_bytes()
            assert not [name for name in (GITHUB, NPM, STRIPE, OPENAI, *PLAIN.values()) if name.encode() in data], path
    assert os.path.exists(home / ".aws/credentials")
