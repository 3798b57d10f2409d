"""keybound scan as it is called: text, JSON, SARIF, exit statuses, Ctrl-C; and no value anywhere."""

import json
import os
import random
import signal
import subprocess
from pathlib import Path

import pexpect
import pytest

from keybound.catalogue.shipped import shipped
from support.samples import good_sample
from support.staging import COMMAND, Run

KIND = next(kind for provider in shipped() if provider.id == "github" for kind in provider.tokens if kind.checksum)
TOKEN = good_sample(KIND, random.Random(1))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one token, readable by everybody, and one whose checksum fails."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "deploy.sh").write_text(f"#!/bin/sh\nexport GITHUB_TOKEN={TOKEN}\n")
    (folder / "deploy.sh").chmod(0o644)
    (folder / "notes.md").write_text(f"old: {TOKEN[:-1]}{'0' if TOKEN[-1] != '0' else '1'}\n")
    return folder


def test_a_person_reads_what_was_found_where_and_what_is_wrong_with_it(keybound: Run, project: Path) -> None:
    done = keybound("scan", str(project))
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines[0].split() == (
        f"{project}/deploy.sh:2 GitHub: personal access token (classic) (checksum holds) others can read it (0644)".split()
    )
    assert lines[1].endswith("notes.md:1  GitHub: personal access token (classic) (checksum does not hold)")
    assert lines[2].startswith("1 plain token in 1 file, of 2 files scanned; 1 looks like a token")
    assert TOKEN.encode() not in done.stdout + done.stderr


def test_programs_read_json_and_sarif(keybound: Run, project: Path) -> None:
    (one,) = json.loads(keybound("scan", "--json", str(project)).stdout)
    assert one.pop("fingerprint")
    assert one == {
        "provider": "github", "kind": "personal access token (classic)", "path": f"{project}/deploy.sh", "line": 2,
        "sure": "checksum", "mode": "0644", "tracked": None,
    }  # fmt: skip
    done = keybound("scan", "--sarif", str(project))
    sarif = json.loads(done.stdout)
    (result,) = sarif["runs"][0]["results"]
    rule = sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (sarif["version"], rule["id"], result["ruleId"], result["level"]) == (
        "2.1.0",
        *[result["ruleId"]] * 2,
        "error",
    )
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": f"file://{project}/deploy.sh"}, "region": {"startLine": 2},
    }  # fmt: skip
    assert TOKEN.encode() not in done.stdout
    assert keybound("scan", "--sarif", "--json", str(project)).returncode == 2


def test_nothing_found_is_0_and_what_is_not_there_is_4(keybound: Run, project: Path) -> None:
    (project / "deploy.sh").unlink()
    assert keybound("scan", str(project)).returncode == 0
    assert json.loads(keybound("scan", "--json", str(project)).stdout) == []
    done = keybound("scan", str(project / "none"))
    assert (done.returncode, done.stdout) == (4, b"")
    assert keybound("scan", "--max-size", "0", str(project)).returncode == 2


def test_a_baseline_and_exclusions_leave_out(keybound: Run, project: Path, tmp_path: Path) -> None:
    baseline = str(tmp_path / "baseline.json")
    assert keybound("scan", "--exclude", "*.sh", str(project)).returncode == 0
    assert keybound("scan", "--write-baseline", baseline, str(project)).returncode == 0
    assert keybound("scan", "--baseline", baseline, str(project)).returncode == 0
    assert TOKEN not in Path(baseline).read_text()
    (project / "more").write_text(f"A={good_sample(KIND, random.Random(2))}\n")
    assert keybound("scan", "--baseline", baseline, str(project)).returncode == 1
    assert keybound("scan", "--baseline", str(project / "more"), str(project)).returncode == 2


def test_without_a_path_it_looks_in_the_usual_places(keybound: Run, project: Path, home: Path) -> None:
    (home / ".bash_history").write_text(f"ls\nexport GITHUB_TOKEN={TOKEN}\n")
    (home / ".npmrc").write_text("//npm.example.com/:_authToken=word\n")
    (project / "deploy.sh").unlink()
    done = keybound("scan", "--json", "--exclude", "project")
    assert [(Path(one["path"]).name, one["line"]) for one in json.loads(done.stdout)] == [
        (".bash_history", 2),
        (".npmrc", 1),
    ]


def test_ctrl_c_ends_it_with_what_was_found_so_far(environ: dict[str, str], project: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    for at in range(60):
        (many / f"{at}").mkdir(parents=True)
        for number in range(200):
            (many / f"{at}" / f"{number}").write_text("password = getpass()\n" * 400)
    shown = pexpect.spawn(
        COMMAND,
        ["scan", str(project), str(many)],
        env=environ,
        timeout=30,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )
    shown.expect(r"files, .* MB, 1 finding, .* files/s")
    shown.kill(signal.SIGINT)
    shown.expect("GitHub: personal access token")
    shown.expect("interrupted: these are the findings so far")
    shown.expect(pexpect.EOF)
    shown.close()
    assert shown.exitstatus == 130


def test_a_closed_pipe_is_no_fault(environ: dict[str, str], project: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [COMMAND, "scan", str(project)], env=environ, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert b"Traceback" not in done.stderr


def test_a_name_with_a_newline_makes_no_line_of_its_own(keybound: Run, tmp_path: Path) -> None:
    assert keybound("init").returncode == 0
    path = tmp_path / "a\nfaked line.env"
    path.write_text(f"A={TOKEN}\n")
    texts = [keybound("scan", str(path)).stdout, keybound("import", str(path), "--dry-run").stdout]
    path.write_bytes(b"\xff")
    texts.append(keybound("import", str(path)).stderr)
    assert [text.count(b"\\x0afaked line") for text in texts] == [1, 1, 1]
    assert [text.count(b"\nfaked line") for text in texts] == [0, 0, 0]


def test_a_history_that_is_not_there_is_said(keybound: Run, project: Path) -> None:
    done = keybound("scan", "--history", str(project))
    assert done.stderr.decode() == f"keybound: not read: the history of {project}: it lies in no git repository\n"


@pytest.mark.parametrize(("term", "moves"), [("xterm-256color", True), ("dumb", False)])
def test_the_line_that_moves_fits_the_terminal(environ: dict[str, str], tmp_path: Path, term: str, moves: bool) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number}.txt").write_text(f"A={TOKEN}\n")
    child = pexpect.spawn(
        COMMAND, ["scan", str(folder), "--json"], env={**environ, "TERM": term}, dimensions=(24, 30), timeout=30
    )
    child.expect(pexpect.EOF)
    child.close()
    lines = child.before.decode().partition("[\r\n")[0].split("\r\x1b[K")[1:]
    assert bool(lines) is moves
    assert all(len(line) < 30 for line in lines)


def test_a_name_may_be_no_text(keybound: Run, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.env")).write_text("MY_PASSWORD=correctHorse!battery9\n")
    done = keybound("scan", str(folder), "--sarif")
    assert done.returncode == 1, done.stderr
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/a%FF.env")
    assert b"a\\udcff.env:1" in keybound("scan", str(folder)).stdout


def test_a_terminal_that_has_no_such_characters_gets_question_marks(keybound: Run) -> None:
    assert keybound("init").returncode == 0
    more = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = keybound("add", "a", "--env", "A", given=b"secret", more=more)
    assert (done.returncode, done.stdout) == (0, b"? default/a is stored and active\n")
