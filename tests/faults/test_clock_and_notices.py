"""Clocks that are changed, notices that the kernel does not give, processes that were stopped, no runtime folder."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from keybound.sources.files.notices import Notices
from support.programs_at_hand import needed
from support.staging import CANARY, COMMAND, REST, Run, furnish
from support.tried import Tried

EVENTS = 20_000  # more than the kernel queues by default
At = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def at(keybound: Run, environ: dict[str, str]) -> At:
    """Run the command in Berlin, at a moment in UTC."""
    needed("faketime")

    def run(moment: str, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        ahead = int(datetime.fromisoformat(moment).timestamp() - time.time())
        return subprocess.run(
            ["faketime", "-f", f"{ahead:+d}s", COMMAND, *words], input=given, capture_output=True, check=False, timeout=60,
            env={**environ, "TZ": "Europe/Berlin", "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
        )  # fmt: skip

    return run


def given_at(at: At, moment: str) -> tuple[int, dict[str, str]]:
    done = at(moment, "env", "default", "--shell", "json")
    assert b"Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout or b"{}")


def short_lived(at: At, moment: str) -> None:
    assert at(moment, "init").returncode == 0
    done = at(moment, "add", "default/short", "--env", "SHORT", "--ttl", "30m", given=CANARY)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("day", ["2027-10-31", "2027-03-28"])
def test_a_lifetime_over_a_change_of_summer_time(at: At, day: str, tried: Tried) -> None:
    """Half an hour is half an hour, where one hour comes twice and where one is left out."""
    short_lived(at, f"{day}T00:45:00+00:00")
    assert given_at(at, f"{day}T01:10:00+00:00") == (0, {"SHORT": CANARY.decode()})
    assert given_at(at, f"{day}T01:20:00+00:00") == (1, {})
    tried("the clock is changed, or summer time begins or ends", 1)


def test_a_clock_that_goes_back_brings_nothing_back(at: At, tried: Tried) -> None:
    short_lived(at, "2027-06-01T12:00:00+00:00")
    assert given_at(at, "2027-06-01T12:40:00+00:00") == (1, {})
    for moment in ("2027-06-01T12:10:00+00:00", "2027-05-01T12:10:00+00:00", "2027-06-01T12:45:00+00:00"):
        assert given_at(at, moment) == (1, {})
    tried("the clock is changed, or summer time begins or ends", 3)


def test_notices_that_are_lost_are_a_notice(tmp_path: Path, tried: Tried) -> None:
    """The kernel's queue overflows with what happens beside the file; its own change is lost."""
    file = tmp_path / "watched"
    file.write_text("one")
    notices = Notices([str(file)])
    try:
        for number in range(EVENTS):
            os.close(os.open(tmp_path / f"beside{number}", os.O_CREAT | os.O_WRONLY))
        file.write_text("two")
        heard = False
        while not heard and select.select([notices.descriptor], [], [], 0)[0]:
            heard = notices.read()
        assert heard
    finally:
        notices.close()
    tried("the kernel gives no notice: its limits, an overflow", 1)


_FEW = """
import sys
from keybound.sources.files.notices import Notices
notices = Notices(sys.argv[1:])
print(notices.whole, notices.full)
"""


def test_a_limit_of_watches_is_known(tmp_path: Path, tried: Tried) -> None:
    """In a user namespace of its own: then what is not told is looked at now and then."""
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    lowered = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$@"'
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", lowered, "sh", sys.executable, "-c", _FEW]
    done = subprocess.run(
        [*command, *(f"{folder}/file" for folder in folders)], capture_output=True, text=True, check=False, timeout=60
    )
    if "True" not in done.stdout and "False" not in done.stdout:
        pytest.skip(f"no user namespace with limits of its own: {done.stderr.strip()[:80]}")
    assert done.stdout == "False True\n"
    tried("the kernel gives no notice: its limits, an overflow", 1)


def test_a_watcher_that_was_stopped_sees_what_changed_meanwhile(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tried: Tried
) -> None:
    furnish(keybound, profiles, home)
    watcher = subprocess.Popen([COMMAND, "watch"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        time.sleep(2)
        watcher.send_signal(signal.SIGSTOP)
        (home / "kube.yaml").write_text("current-context: prod\n")
        time.sleep(REST)
        watcher.send_signal(signal.SIGCONT)
        end = time.monotonic() + 20
        while b'"expired"' not in keybound("log", "--json").stdout:
            assert time.monotonic() < end
            time.sleep(0.2)
    finally:
        watcher.kill()
        watcher.communicate(timeout=20)
    tried("a watcher is stopped, and goes on later", 1)


@pytest.mark.parametrize("runtime", ["", "not there", "relative", "a file", "not ours to write"])
def test_no_runtime_folder(
    keybound: Run, profiles: Path, home: Path, tmp_path: Path, runtime: str, tried: Tried
) -> None:
    furnish(keybound, profiles, home)
    place = {"not there": str(tmp_path / "none"), "a file": str(home / "kube.yaml"), "not ours to write": "/proc"}.get(
        runtime, runtime
    )
    more = {"XDG_RUNTIME_DIR": place, "KEYBOUND_AGENT": ""}
    for words in (
        ("list",),
        ("exec", "staging", "--", "printenv", "GITHUB_TOKEN"),
        ("agent", "status"),
        ("use", "staging"),
    ):
        done = keybound(*words, more=more)
        assert b"Traceback" not in done.stderr
        assert done.returncode in (0, 1), (words, done.stderr)
        assert words[0] != "exec" or done.stdout.strip() == CANARY
    tried("there is no runtime folder, or none that can be used", 1)
