"""A secret is in no argument, other program's environment, file, journal, picture or message, in any of its encodings."""

import os
import subprocess
from pathlib import Path

import pytest

from support.canary import SECRET, encodings, files_with, found_in
from support.programs_at_hand import needed
from support.staging import COMMAND, PROFILE
from support.terminal import Screen
from support.tried import Tried

CALLS = "execve,write,pwrite64,writev,pwritev,sendto,sendmsg,symlink,symlinkat,rename,renameat,openat,unlink,mkdir"
ACTS: list[tuple[list[str], bytes]] = [
    (["init"], b""),
    (["add", "staging/github", "--env", "GITHUB_TOKEN", "--bind", "flags.beta_writes equals=false"], SECRET + b"\n"),
    (["refresh", "staging/github"], SECRET + b"\n"),
    (["recognise"], SECRET + b"\n"),
    (["list"], b""),
    (["show", "staging/github"], b""),
    (["why", "staging/github"], b""),
    (["status"], b""),
    (["keys", "flags"], b""),
    (["check"], b""),
    (["docs"], b""),
    (["plan", "staging", "--set", "flags.beta_writes=true"], b""),
    (["use", "staging"], b""),
    (["--plain", "tokens"], b""),
    (["watch", "--once"], b""),
    (["token", "copy", "staging/github", "prod/again"], b""),
    (["set", "prod/again", "ttl", "30d", "--yes"], b""),
    (["expire", "prod/again", "--yes"], b""),
    (["import", "plain.env", "--replace", "--yes"], b""),
    (["import", "--undo", "plain.env", "--yes"], b""),
    (["scan", "plain.env"], b""),
    (["store", "rekey"], b""),
    (["usage"], b""),
    (["doctor"], b""),
    (["add", "staging/bad", "--env", "1BAD"], SECRET + b"\n"),
    (["remove", "prod/again", "--yes"], b""),
    (["log", "--verify"], b""),
]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can look into what is not dumpable")


@pytest.fixture
def place(environ: dict[str, str], profiles: Path, tmp_path: Path, open_store: None) -> Path:
    """Where it all happens: a profile, and a file with the secret in clear, which is imported."""
    profiles.mkdir(parents=True, exist_ok=True)
    for name in ("staging", "prod"):
        (profiles / f"{name}.toml").write_text(PROFILE.partition("[files]")[0])
    (tmp_path / "plain.env").write_bytes(b"PLAIN_TOKEN='" + SECRET.replace(b"'", b"") + b"'\n")
    return tmp_path


def traced(place: Path, environ: dict[str, str], words: list[str], given: bytes) -> "tuple[bytes, bytes]":
    """What a command printed, and each of its calls that could carry something out of it, in hexadecimal."""
    strace, trace = needed("strace"), place / "trace"
    command = [strace, "-f", "-v", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace), COMMAND, *words]
    done = subprocess.run(
        command,
        input=given,
        env=environ,
        cwd=place,
        capture_output=True,
        check=False,
        timeout=120,
        start_new_session=True,
    )
    calls = trace.read_bytes()
    trace.unlink()
    assert b"execve(" in calls, done.stderr
    assert done.returncode == (2 if "1BAD" in words else 0), done.stderr
    return done.stdout + done.stderr, calls


def in_strace(form: bytes) -> bytes:
    """As ``strace -xx`` writes it."""
    return b"".join(b"\\x%02x" % byte for byte in form)


def carried(calls: bytes) -> list[bytes]:
    """The calls in which the secret stands."""
    wanted = [in_strace(form) for form in encodings()]
    return [line[:200] for line in calls.splitlines() if any(one in line for one in wanted)]


def test_no_verb_carries_it_out(place: Path, environ: dict[str, str], home: Path, tried: Tried) -> None:
    for words, given in ACTS:
        printed, calls = traced(place, environ, words, given)
        assert not found_in(printed), words
        lines = carried(calls)
        back = [
            one for one in lines if words[:2] == ["import", "--undo"]
        ]  # this one writes the file that it brings back
        assert lines == back, words
        left = set(files_with(place, {place / "plain.env"}))
        assert not left, words
    tried("verbs searched for a secret that they carry out", len(ACTS))


def test_only_the_command_that_is_run_gets_it(place: Path, environ: dict[str, str], tried: Tried) -> None:
    for words, given in ACTS[:2]:
        traced(place, environ, words, given)
    for more in ([], ["--mask"]):
        printed, calls = traced(place, environ, ["exec", "staging", *more, "--", "/bin/true"], b"")
        lines = carried(calls)
        assert len(lines) == 1, lines
        assert in_strace(b"/bin/true") in lines[0]
        assert not found_in(printed)
    tried("verbs searched for a secret that they carry out", 2)


def test_the_search_would_see_it(place: Path, environ: dict[str, str]) -> None:
    for words, given in ACTS[:2]:
        traced(place, environ, words, given)
    printed, calls = traced(place, environ, ["env", "staging", "--shell", "json"], b"")
    assert found_in(printed)
    assert carried(calls)


def test_no_screen_and_no_picture_shows_it(place: Path, environ: dict[str, str], tried: Tried) -> None:
    for words, given in ACTS[:2]:
        subprocess.run([COMMAND, *words], input=given, env=environ, cwd=place, capture_output=True, check=True)
    screen = Screen([], {**environ, "KEYBOUND_PROFILE": "staging"}, 120, 40)
    screen.until("GITHUB_TOKEN")
    for key in ("2", "3", "4", "5", "1", "\r", "\x1b", "K", "\x1b", "b", "\x1b"):
        screen.child.send(key)
        screen.quiet()
    assert not found_in(screen.raw)
    screen.end()
    assert not set(files_with(place, {place / "plain.env"}))
    tried("screens searched for a secret", 7)
