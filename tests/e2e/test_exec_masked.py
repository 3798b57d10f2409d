"""exec --mask where it is used: on terminals, with redirections, in the background, through slow and shared pipes."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pexpect
import pytest

from support.staging import CANARY, Run, furnish

MASK = "••••••••".encode()
PEM = "-----BEGIN KEY-----\nline-one-abcdefgh\nline-two-ijklmnop\n-----END KEY-----"
MASKED = "keybound exec staging --mask -- "


@pytest.fixture
def staging(keybound: Run, profiles: Path, home: Path) -> Path:
    furnish(keybound, profiles, home)
    return profiles / "staging.toml"


def terminal(environ: dict[str, str], line: str) -> "pexpect.spawn[bytes]":
    return pexpect.spawn("bash", ["--norc", "-c", line], env=environ, timeout=30)


def all_of(child: "pexpect.spawn[bytes]") -> bytes:
    child.expect(pexpect.EOF)
    child.close()
    out: bytes = child.before
    return out


def test_several_lines_on_a_terminal(environ: dict[str, str], staging: Path, keybound: Run) -> None:
    assert keybound("add", "staging/pem", "--env", "PEM_KEY", given=PEM.encode()).returncode == 0
    assert all_of(terminal(environ, f"{MASKED} sh -c 'echo \"$PEM_KEY\"'")) == MASK + b"\r\n"


def test_errors_go_where_they_were_sent(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    script = "echo out; test -t 1 && echo $GITHUB_TOKEN no terminal >&2"
    assert all_of(terminal(environ, f"{MASKED} sh -c '{script}' 2>{tmp_path}/errors")) == b"out\r\n"
    assert (tmp_path / "errors").read_bytes() == MASK + b" no terminal\n"


def test_output_and_errors_of_one_file_keep_their_order(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    script = "for i in 1 2 3 4; do echo o$i; echo e$i >&2; done"
    subprocess.run(["bash", "-c", f"{MASKED} sh -c '{script}' >{tmp_path}/both 2>&1"], env=environ, check=True)
    assert (tmp_path / "both").read_bytes().split() == [b"o1", b"e1", b"o2", b"e2", b"o3", b"e3", b"o4", b"e4"]


def test_the_commands_terminal_is_set_as_ours(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    line = f"stty erase ^H iutf8 -onlcr; stty -a >{tmp_path}/ours; {MASKED} sh -c 'stty -a >{tmp_path}/its'"
    all_of(terminal(environ, line))
    assert (tmp_path / "its").read_text() == (tmp_path / "ours").read_text()


def test_what_was_typed_ahead_is_not_lost(environ: dict[str, str], staging: Path) -> None:
    child = terminal(environ, f"echo ready; sleep 1; {MASKED} sh -c 'read name; echo got $name'")
    child.expect_exact("ready")
    child.send("early\r")
    child.expect_exact("got early")
    child.close(force=True)


GROWS = """
import os, tty
tty.setraw(0)
os.write(1, b"ready")
taken = 0
while taken < 480_000:
    data = os.read(0, 1000)
    taken += len(data)
    out = data * 12
    while out:
        out = out[os.write(1, out):]
os.write(1, b"finished")
"""


def test_a_great_paste_does_not_hold_up_what_is_printed(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    (tmp_path / "grows.py").write_text(GROWS)
    child = terminal(environ, f"{MASKED} {sys.executable} {tmp_path}/grows.py")
    child.expect_exact("ready")

    def paste() -> None:
        rest = b"0123456789" * 48_000
        while rest:
            rest = rest[os.write(child.child_fd, rest[:4096]) :]

    pasting = threading.Thread(target=paste, daemon=True)
    pasting.start()
    child.maxread, child.searchwindowsize = 65_536, 100
    child.expect_exact("finished")
    pasting.join(30)
    child.close(force=True)


def test_in_the_background_it_runs_on(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    shell = pexpect.spawn("bash", ["--norc", "-i"], env={**environ, "PS1": "PROMPT> "}, timeout=30)
    shell.expect_exact("PROMPT> ")
    shell.sendline(f"{MASKED} sh -c 'echo $GITHUB_TOKEN >&2; echo end >{tmp_path}/end' & wait")
    shell.expect_exact(MASK)
    shell.expect_exact("Done")
    assert (tmp_path / "end").read_text() == "end\n"
    shell.close(force=True)


def test_a_command_that_is_stopped_gives_the_prompt_back(environ: dict[str, str], staging: Path) -> None:
    shell = pexpect.spawn("bash", ["--norc", "-i"], env={**environ, "PS1": "PROMPT> "}, timeout=30)
    shell.expect_exact("PROMPT> ")
    script = "kill -STOP \\$\\$; stty raw -echo; echo re''ady; head -c 1 | od -c"
    shell.sendline(f'{MASKED} sh -c "{script}"')
    shell.expect_exact("Stopped")
    shell.expect_exact("PROMPT> ")
    shell.sendline("fg")
    shell.expect_exact("ready")
    shell.send("\t")
    shell.expect_exact("\\t")  # every key is handed on at once
    shell.close(force=True)


def test_a_terminal_that_goes_away(environ: dict[str, str], staging: Path, tmp_path: Path) -> None:
    script = f'trap "" HUP; echo ready; sleep 0.5; echo more; echo end >{tmp_path}/end'
    child = terminal(environ, f"{MASKED} bash -c '{script}' 2>{tmp_path}/errors")
    child.expect_exact("ready")
    os.close(child.child_fd)
    child.closed = True
    until = time.monotonic() + 30
    while not (tmp_path / "end").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)
    assert b"Traceback" not in (tmp_path / "errors").read_bytes()
    assert (tmp_path / "end").exists()


def test_what_a_command_leaves_running_is_masked_and_not_waited_for(
    environ: dict[str, str], staging: Path, tmp_path: Path
) -> None:
    script = 'until test -e go; do sleep 0.1; done; echo "late $GITHUB_TOKEN"'
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            ["keybound", "exec", "staging", "--mask", "--", "sh", "-c", f"({script}) & echo hi; exit 3"],
            env=environ, cwd=tmp_path, stdout=out, stderr=subprocess.DEVNULL, timeout=30, check=False,
        )  # fmt: skip
    assert (done.returncode, (tmp_path / "out").read_bytes()) == (3, b"hi\n")
    (tmp_path / "go").touch()
    until = time.monotonic() + 30
    while b"late" not in (tmp_path / "out").read_bytes() and time.monotonic() < until:
        time.sleep(0.05)
    assert (tmp_path / "out").read_bytes() == b"hi\nlate " + MASK + b"\n"


def test_a_pipe_that_does_not_block_loses_nothing(environ: dict[str, str], staging: Path) -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with subprocess.Popen(
        ["keybound", "exec", "staging", "--mask", "--", "seq", "100000"], env=environ, stdout=write
    ) as child:
        os.close(write)
        time.sleep(0.5)
        with open(read, "rb") as file:
            assert file.read().split()[-1] == b"100000"
    assert child.returncode == 0


def test_a_prompt_through_a_pipe_is_not_held_back(environ: dict[str, str], staging: Path) -> None:
    script = f"printf 'name {CANARY[:1].decode()}'; read name"
    with subprocess.Popen(
        ["keybound", "exec", "staging", "--mask", "--", "sh", "-c", script],
        env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.read(6) == b"name c"
        child.communicate(b"ada\n", timeout=30)
